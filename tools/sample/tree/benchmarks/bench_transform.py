from tinygeo import transform

from .common import cloud


class Transform:
    def setup(self):
        self.points = cloud(1000, seed=41)
        self.turn = transform.rotation(30)
        self.chain = [transform.rotation(10), transform.scaling(2.0)]

    def time_apply_rotation(self):
        transform.apply(self.points, self.turn)

    def time_apply_all(self):
        transform.apply_all(self.points, self.chain)

    def time_translate(self):
        transform.translate(self.points, 3.0, -2.0)


class Compose:
    def setup(self):
        self.turns = [transform.rotation(i) for i in range(300)]

    def time_compose(self):
        total = transform.IDENTITY
        for turn in self.turns:
            total = transform.compose(total, turn)
        return total
