"""Installers for laptops without internet, from a checkout.

python3 packaging/installers.py linux          the folder, the .deb and the tarball of this kind of machine
python3 packaging/installers.py windows [--dummy]  the Windows program and its setup file (docs/windows.md)
python3 packaging/installers.py wheels TARGET  the wheelhouse of windows, linux-x86_64 or linux-aarch64, checked
python3 packaging/installers.py licences       resources/licences from the locked libraries
python3 packaging/installers.py bom            the bill of materials
python3 packaging/installers.py key FILE       a new signing key for updates; keep FILE off every machine of the field
python3 packaging/installers.py update FILE KEY  an update package out of an installer
python3 packaging/installers.py release [KEY]  build, test, bill of materials, SHA256SUMS: everything into dist/;
                                               with the signing key, the update packages too
"""

import sys

if __name__ == "__main__":
    from release.commands import main

    sys.exit(main(sys.argv[1:], __doc__ or ""))
