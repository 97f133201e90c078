"""Linear machines, one label against the rest, as plain weight arrays.

Source of the log-count ratio: Wang and Manning, Baselines and Bigrams: Simple, Good Sentiment and Topic
Classification, ACL 2012.
"""

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.svm import LinearSVC

from zhicheng.engines.text.vocabulary import Floats

_SMOOTHING = 0.02


def machines(
    matrix: sparse.csr_array, own: npt.NDArray[np.str_], labels: tuple[str, ...], penalty: float, seed: int
) -> tuple[Floats, Floats]:
    """Weights (terms, labels) and bias (labels,); a label without a text scores as low as any can.

    `matrix`: float32 CSR (texts, terms); `own`: the label of each text, among the sorted `labels`.
    """
    weights = np.zeros((matrix.shape[1], len(labels)), np.float32)
    bias = np.full(len(labels), -1.0, np.float32)
    present = np.unique(own)
    places = np.searchsorted(np.array(labels), present)
    if len(present) == 1:
        bias[places] = 1.0
        return weights, bias
    machine = LinearSVC(C=penalty, random_state=seed).fit(matrix, own)
    found, offset = machine.coef_.T, machine.intercept_
    if len(present) == 2:
        found, offset = np.hstack([-found, found]), np.concatenate([-offset, offset])
    weights[:, places] = found
    bias[places] = offset
    return weights, bias


def ratio_machines(
    matrix: sparse.csr_array, own: npt.NDArray[np.str_], labels: tuple[str, ...], penalty: float, seed: int
) -> tuple[Floats, Floats]:
    """As `machines`, each on features scaled by how much likelier they are with the label than without it.

    The scaling is folded into the weights. The mean size of a scale is 1.
    """
    weights = np.zeros((matrix.shape[1], len(labels)), np.float32)
    bias = np.full(len(labels), -1.0, np.float32)
    for place, label in enumerate(labels):
        is_own = own == label
        if not is_own.any() or is_own.all():
            bias[place] = 1.0 if is_own.any() else -1.0
            continue
        scale = _ratio(matrix, is_own)
        scaled = sparse.csr_array((matrix.data * scale[matrix.indices], matrix.indices, matrix.indptr), matrix.shape)
        machine = LinearSVC(C=penalty / 2, random_state=seed).fit(scaled, is_own)
        weights[:, place] = machine.coef_[0] * scale
        bias[place] = machine.intercept_[0]
    return weights, bias


def _ratio(matrix: sparse.csr_array, is_own: npt.NDArray[np.bool_]) -> Floats:
    with_label = np.asarray(matrix[is_own].sum(axis=0)).ravel() + _SMOOTHING
    without = np.asarray(matrix[~is_own].sum(axis=0)).ravel() + _SMOOTHING
    ratio = np.abs(np.log(with_label / with_label.sum()) - np.log(without / without.sum()))
    found: Floats = (ratio / ratio.mean()).astype(np.float32)
    return found
