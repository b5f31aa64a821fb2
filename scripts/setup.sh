# Sourced by scripts/run and scripts/test: makes .venv from requirements.lock, once for each state of the lock.
# Needs only a Python 3.11 or newer with venv, and a package registry; an unchanged lock never asks the network.
lock=requirements.lock
venv=.venv
want=$(sha256sum "$lock" pyproject.toml | sha256sum | cut -d' ' -f1)
if [ "$(cat "$venv/.lock" 2>/dev/null)" != "$want" ]; then
  echo "Setting up $venv (once)" >&2
  [ -x "$venv/bin/python" ] || "${PYTHON:-python3}" -m venv "$venv"
  "$venv/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    { echo "Python 3.11 or newer is needed. Set PYTHON to one." >&2; exit 2; }
  [ -x "$venv/bin/uv" ] || "$venv/bin/pip" install -q --disable-pip-version-check --retries 5 --timeout 60 'uv>=0.9,<1'
  UV_HTTP_TIMEOUT=120 "$venv/bin/uv" pip install -q --python "$venv/bin/python" --require-hashes -r "$lock" ||
    "$venv/bin/pip" install -q --disable-pip-version-check --require-hashes -r "$lock"
  "$venv/bin/pip" install -q --disable-pip-version-check --no-deps --no-build-isolation -e . 2>/dev/null ||
    "$venv/bin/pip" install -q --disable-pip-version-check --no-deps -e .
  printf %s "$want" > "$venv/.lock"
fi
