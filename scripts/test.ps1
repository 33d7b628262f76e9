# Run the tests (set-up included). From the repository's folder:
#   powershell -NoProfile -Command "Get-Content -Raw scripts\test.ps1 | Invoke-Expression"
# Read this way it is text, not a script file, so no execution policy has to be changed.
$ErrorActionPreference = "Stop"
$requirements = "requirements/dev.txt"
Get-Content -Raw (Join-Path "scripts" "setup.ps1") | Invoke-Expression
& $venvPython -m pytest -n 2 --dist loadscope
exit $LASTEXITCODE
