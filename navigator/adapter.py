"""Low-rank adapters of the embedding model: what teaches questions to speak as patterns do.

An adapter belongs to the *question* side alone: passages keep the vectors that they have, so an index
needs no rebuilding for it. It is kept in the format of the ``peft`` library, two files in a folder:

* ``adapter_config.json``: rank and scale, and under ``base`` the fingerprint of the model it was made for;
* ``adapter_model.safetensors``: for each adapted layer two matrices, A of shape (rank, n_in) and B of
  shape (n_out, rank).

Source: E. Hu et al., *LoRA: Low-Rank Adaptation of Large Language Models*, 2021, arXiv:2106.09685.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from navigator.errors import AdapterError

CONFIG_FILE, WEIGHTS_FILE = "adapter_config.json", "adapter_model.safetensors"
_PREFIX = "base_model.model."
"""What peft puts before the name of each layer."""


@dataclass(frozen=True, slots=True)
class Adapter:
    """An adapter in its folder.

    Attributes
    ----------
    base
        Fingerprint of the embedding model that it was made for.
    rank
        Rank of its matrices.
    scale
        What their product is multiplied by before it is added to the layer's weights.
    """

    folder: Path
    base: str
    rank: int
    scale: float

    @classmethod
    def open(cls, folder: Path) -> Adapter:
        """Read the description of an adapter.

        Raises
        ------
        AdapterError
            There is none in the folder, or it cannot be read.
        """
        try:
            config = json.loads((folder / CONFIG_FILE).read_text("utf-8"))
            rank = int(config["r"])
            return cls(folder, str(config["base"]), rank, float(config["lora_alpha"]) / rank)
        except (OSError, ValueError, KeyError, TypeError, ZeroDivisionError) as error:
            raise AdapterError(
                f"{folder} holds no adapter that can be read ({error}). `navigator train` makes one; "
                "NAVIGATOR_ADAPTER=none answers without."
            ) from error

    @property
    def fingerprint(self) -> str:
        """Name of the folder with a digest of the weights."""
        digest = hashlib.sha256((self.folder / WEIGHTS_FILE).read_bytes()).hexdigest()
        return f"{self.folder.name}@{digest[:16]}"

    def merge_into(self, transformer: Any) -> None:
        """Add the adapter to the weights of a loaded model: afterwards it costs a question no time.

        Raises
        ------
        AdapterError
            The matrices are damaged, or made for another model.
        """
        import torch
        from safetensors import SafetensorError
        from safetensors.torch import load_file

        layers = dict(transformer[0].auto_model.named_modules())
        try:
            matrices = load_file(self.folder / WEIGHTS_FILE)
            with torch.no_grad():
                for name in [name for name in matrices if name.endswith(".lora_A.weight")]:
                    layer = layers[name.removeprefix(_PREFIX).removesuffix(".lora_A.weight")]
                    down, up = matrices[name].float(), matrices[name.replace("lora_A", "lora_B")].float()
                    layer.weight += self.scale * (up @ down)
        except (OSError, SafetensorError, KeyError, RuntimeError, ValueError) as error:
            raise AdapterError(
                f"The adapter in {self.folder} does not fit the model: {error}. Train it again with "
                "`navigator train`, or set NAVIGATOR_ADAPTER=none."
            ) from error


def save_adapter(folder: Path, transformer: Any, *, base: str) -> Adapter:
    """Write the adapter that a model was trained with, its matrices in 16 bits."""
    import torch
    from peft import get_peft_model_state_dict
    from safetensors.torch import save_file

    model = transformer[0].auto_model
    (config,) = model.peft_config.values()
    folder.mkdir(parents=True, exist_ok=True)
    matrices = {
        _PREFIX + name.removeprefix(_PREFIX): matrix.detach().to(torch.float16).contiguous()
        for name, matrix in get_peft_model_state_dict(model).items()
    }
    save_file(matrices, folder / WEIGHTS_FILE)
    described = {
        "peft_type": "LORA",
        "r": config.r,
        "lora_alpha": config.lora_alpha,
        "target_modules": sorted(config.target_modules),
        "base": base,
    }
    (folder / CONFIG_FILE).write_text(json.dumps(described, indent=2) + "\n", "utf-8")
    return Adapter.open(folder)
