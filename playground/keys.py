"""Keys: the pair that signs install callbacks, made anew for each run.

Nothing secret is kept in the project.
"""

from uuid import uuid4

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


class InstallKey:
    """An RSA pair under a `kid`, as Confluence signs lifecycle callbacks with."""

    def __init__(self) -> None:
        self.kid = str(uuid4())
        self._private = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    @property
    def pem(self) -> str:
        public = self._private.public_key()
        return public.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        ).decode()

    def sign(self, claims: dict[str, object]) -> str:
        return jwt.encode(claims, self._private, algorithm="RS256", headers={"kid": self.kid})
