# Make .venv and install the requirements file named in $requirements and xlscore in it.
# Read by demo.ps1 and test.ps1; the current folder is the repository.

$venvPython = Join-Path (Join-Path ".venv" "Scripts") "python.exe"
$stamp = Join-Path ".venv" (".ready-" + (Split-Path -Leaf $requirements))

function Stop-OnFailure([string]$what) {
    if ($LASTEXITCODE -ne 0) { throw "$what failed (exit code $LASTEXITCODE)." }
}

# "python" may be the shop link that Windows puts there, and "py" may be absent: each is asked.
function Find-Python {
    $probe = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))"
    foreach ($candidate in @("py -3.13", "py -3.12", "py -3.11", "py -3", "python", "python3")) {
        $command, $option = $candidate -split " "
        if (-not (Get-Command $command -ErrorAction SilentlyContinue)) { continue }
        $arguments = @($option | Where-Object { $_ }) + @("-c", $probe)
        try { & $command @arguments *> $null } catch { continue }
        if ($LASTEXITCODE -eq 0) { return $candidate }
    }
    throw "xlscore needs Python 3.11 or newer: install it from python.org, then run this again."
}

function Test-Ready {
    if (-not ((Test-Path $stamp) -and (Test-Path $venvPython))) { return $false }
    $made = (Get-Item $stamp).LastWriteTimeUtc
    foreach ($source in @($requirements, "pyproject.toml")) {
        if ((Get-Item $source).LastWriteTimeUtc -gt $made) { return $false }
    }
    return $true
}

if (-not (Test-Path "pyproject.toml")) { throw "Run this from the folder that holds pyproject.toml." }
if (-not (Test-Ready)) {
    if (-not (Test-Path $venvPython)) {
        $command, $option = (Find-Python) -split " "
        $arguments = @($option | Where-Object { $_ }) + @("-m", "venv", ".venv")
        Write-Host "Creating .venv ..."
        & $command @arguments
        Stop-OnFailure "Creating .venv"
    }
    Write-Host "Installing $requirements ..."
    & $venvPython -m pip --disable-pip-version-check --quiet install --require-hashes -r $requirements
    Stop-OnFailure "Installing $requirements"
    & $venvPython -m pip --disable-pip-version-check --quiet install --no-build-isolation --no-deps --editable .
    Stop-OnFailure "Installing xlscore"
    Set-Content -Path $stamp -Value "ready"
}
