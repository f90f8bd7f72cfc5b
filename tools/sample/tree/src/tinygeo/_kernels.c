/* Loops over coordinates. All functions take lists of floats. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <math.h>

/* Copies a list of floats; *count is its length. NULL with an error set. */
static double *
read_floats(PyObject *list, Py_ssize_t *count)
{
    Py_ssize_t n = PyList_GET_SIZE(list);
    double *values = PyMem_Malloc((n > 0 ? n : 1) * sizeof(double));
    if (values == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        values[i] = PyFloat_AsDouble(PyList_GET_ITEM(list, i));
        if (values[i] == -1.0 && PyErr_Occurred()) {
            PyMem_Free(values);
            return NULL;
        }
    }
    *count = n;
    return values;
}

/* Two lists of the same length. Returns 0, or -1 with an error set. */
static int
read_points(PyObject *xs, PyObject *ys, double **x, double **y, Py_ssize_t *n)
{
    Py_ssize_t m;
    *x = read_floats(xs, n);
    if (*x == NULL)
        return -1;
    *y = read_floats(ys, &m);
    if (*y == NULL) {
        PyMem_Free(*x);
        return -1;
    }
    if (m != *n) {
        PyErr_SetString(PyExc_ValueError, "lists of unequal length");
        PyMem_Free(*x);
        PyMem_Free(*y);
        return -1;
    }
    return 0;
}

static PyObject *
polyline_length(PyObject *Py_UNUSED(self), PyObject *args)
{
    PyObject *xs, *ys;
    double *x, *y, total = 0.0;
    Py_ssize_t n;
    if (!PyArg_ParseTuple(args, "O!O!", &PyList_Type, &xs, &PyList_Type, &ys))
        return NULL;
    if (read_points(xs, ys, &x, &y, &n) < 0)
        return NULL;
    for (Py_ssize_t i = 1; i < n; i++) {
        double dx = x[i] - x[i - 1];
        double dy = y[i] - y[i - 1];
        total += sqrt(dx * dx + dy * dy);
    }
    PyMem_Free(x);
    PyMem_Free(y);
    return PyFloat_FromDouble(total);
}

static PyObject *
signed_area(PyObject *Py_UNUSED(self), PyObject *args)
{
    PyObject *xs, *ys;
    double *x, *y, twice = 0.0;
    Py_ssize_t n;
    if (!PyArg_ParseTuple(args, "O!O!", &PyList_Type, &xs, &PyList_Type, &ys))
        return NULL;
    if (read_points(xs, ys, &x, &y, &n) < 0)
        return NULL;
    for (Py_ssize_t i = 0, j = n - 1; i < n; j = i++)
        twice += x[j] * y[i] - x[i] * y[j];
    PyMem_Free(x);
    PyMem_Free(y);
    return PyFloat_FromDouble(twice / 2);
}

static PyObject *
count_inside(PyObject *Py_UNUSED(self), PyObject *args)
{
    PyObject *pxs, *pys, *xs, *ys;
    double *px, *py, *x, *y;
    Py_ssize_t points, n;
    long inside = 0;
    if (!PyArg_ParseTuple(args, "O!O!O!O!", &PyList_Type, &pxs, &PyList_Type,
                          &pys, &PyList_Type, &xs, &PyList_Type, &ys))
        return NULL;
    if (read_points(pxs, pys, &px, &py, &points) < 0)
        return NULL;
    if (read_points(xs, ys, &x, &y, &n) < 0) {
        PyMem_Free(px);
        PyMem_Free(py);
        return NULL;
    }
    for (Py_ssize_t k = 0; k < points; k++) {
        int odd = 0;
        for (Py_ssize_t i = 0, j = n - 1; i < n; j = i++) {
            if ((y[i] > py[k]) != (y[j] > py[k])
                && px[k] < (x[j] - x[i]) * (py[k] - y[i]) / (y[j] - y[i]) + x[i])
                odd = !odd;
        }
        inside += odd;
    }
    PyMem_Free(px);
    PyMem_Free(py);
    PyMem_Free(x);
    PyMem_Free(y);
    return PyLong_FromLong(inside);
}

#define RADIUS 6371008.8
#define RADIAN (3.14159265358979323846 / 180.0)

/* The distance in metres from each point to its nearest neighbour. */
static PyObject *
nearest_haversine(PyObject *Py_UNUSED(self), PyObject *args)
{
    PyObject *lons, *lats, *result;
    double *lon, *lat;
    Py_ssize_t n;
    if (!PyArg_ParseTuple(args, "O!O!", &PyList_Type, &lons, &PyList_Type, &lats))
        return NULL;
    if (read_points(lons, lats, &lon, &lat, &n) < 0)
        return NULL;
    result = PyList_New(n);
    for (Py_ssize_t i = 0; result != NULL && i < n; i++) {
        double best = INFINITY;
        for (Py_ssize_t j = 0; j < n; j++) {
            double u = sin((lat[j] - lat[i]) * RADIAN / 2);
            double v = sin((lon[j] - lon[i]) * RADIAN / 2);
            double a = u * u + cos(lat[i] * RADIAN) * cos(lat[j] * RADIAN) * v * v;
            double distance = 2 * RADIUS * asin(sqrt(fmin(a, 1.0)));
            if (j != i && distance < best)
                best = distance;
        }
        PyObject *item = PyFloat_FromDouble(best);
        if (item == NULL)
            Py_CLEAR(result);
        else
            PyList_SET_ITEM(result, i, item);
    }
    PyMem_Free(lon);
    PyMem_Free(lat);
    return result;
}

static PyMethodDef methods[] = {
    {"polyline_length", polyline_length, METH_VARARGS,
     "polyline_length(xs, ys): the length of a line"},
    {"signed_area", signed_area, METH_VARARGS,
     "signed_area(xs, ys): positive when counter-clockwise"},
    {"count_inside", count_inside, METH_VARARGS,
     "count_inside(px, py, xs, ys): how many points a ring contains"},
    {"nearest_haversine", nearest_haversine, METH_VARARGS,
     "nearest_haversine(lons, lats): metres to the nearest other point"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_kernels", "Loops over coordinates.", -1, methods,
    NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC
PyInit__kernels(void)
{
    return PyModule_Create(&module);
}
