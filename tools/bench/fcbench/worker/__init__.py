"""What runs in the tested environment: started by exec, with foreign code."""
