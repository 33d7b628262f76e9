# Play the sample campaign into demo-out\ (set-up included). From the repository's folder:
#   powershell -NoProfile -Command "Get-Content -Raw scripts\demo.ps1 | Invoke-Expression"
# Read this way it is text, not a script file, so no execution policy has to be changed.
$ErrorActionPreference = "Stop"
$requirements = "requirements/run.txt"
Get-Content -Raw (Join-Path "scripts" "setup.ps1") | Invoke-Expression
if (Test-Path "demo-out") { Remove-Item -Recurse -Force "demo-out" }
& (Join-Path (Join-Path ".venv" "Scripts") "xlscore.exe") demo demo-out
exit $LASTEXITCODE
