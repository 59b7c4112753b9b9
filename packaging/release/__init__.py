"""Installers and what goes with them: builds, wheelhouses, licences, bill of materials, update packages, hashes."""
