-- Repositories of GitHub's public data set with an ASV configuration on their
-- default branch, which is all there is in `files`. Reads two columns of it; the set holds repositories
-- with a free licence only, and is not of today: stars, activity and the rest
-- are asked of GitHub.
SELECT
  repo_name,
  ARRAY_AGG(DISTINCT path ORDER BY path LIMIT 5) AS paths,
  COUNT(DISTINCT path) AS configurations
FROM `bigquery-public-data.github_repos.files`
WHERE REGEXP_CONTAINS(path, r'(^|/)asv(\.[^/]+)?\.conf\.jsonc?$')
GROUP BY repo_name
ORDER BY repo_name
