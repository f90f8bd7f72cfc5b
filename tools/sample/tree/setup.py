"""Builds the C extension; everything else is in pyproject.toml."""

from setuptools import Extension, setup

setup(
    ext_modules=[
        Extension(
            "tinygeo._kernels",
            sources=["src/tinygeo/_kernels.c"],
            libraries=["m"],
            # No debug information: builds of equal code are equal bytes.
            # Aligned functions: a change to one leaves the others as fast.
            extra_compile_args=["-O2", "-g0", "-Wextra", "-falign-functions=64"],
        )
    ]
)
