# Aliases. Everything works without make: python3 packaging/bootstrap.py run | test
.PHONY: run test lock messages bench installers release

run test:
	@python3 packaging/bootstrap.py $@

lock:
	.venv/bin/python packaging/lock.py

messages:
	.venv/bin/python packaging/messages.py

bench:
	.venv/bin/python -m pytest tests/bench -p no:randomly

installers:
	@python3 packaging/installers.py linux

release:
	@python3 packaging/installers.py release $(KEY)
