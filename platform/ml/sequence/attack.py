"""An adversary who knows the network: the fast gradient sign method.

Goodfellow, Shlens and Szegedy 2015, "Explaining and harnessing adversarial examples": every input
moves by ``epsilon`` in the direction in which the loss grows most.
"""

import torch
from torch import Tensor, nn

EPSILON = 0.1
"""How far an adversary moves a feature, in its standard deviations."""


def fgsm(
    network: nn.Module, steps: Tensor, lengths: Tensor, truth: Tensor, *, epsilon: float = EPSILON
) -> Tensor:
    """``steps`` (n, longest, features) moved against the network; what is after an end stays 0."""
    moved = steps.detach().clone().requires_grad_()
    loss = nn.functional.binary_cross_entropy_with_logits(
        network(moved, lengths), truth, reduction="sum"
    )
    (gradient,) = torch.autograd.grad(loss, moved)
    there = torch.arange(steps.shape[1])[None, :] < lengths[:, None]
    return (moved + epsilon * gradient.sign() * there[..., None]).detach()
