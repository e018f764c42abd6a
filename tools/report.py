"Write report/ from nbs/ledger.jsonl. `--check` only says whether it would change, and whether the report's notebooks show the same ledger."
import json, os, re, subprocess, sys
from pages import ROOT, config, text

def call(root, what):
    "Run a function of the project's own report module on its ledger; its lines"
    code = f"import json; from {config(root)['lib_path']}.report import {what}; print('\\n'+json.dumps([str(o) for o in {what}('nbs/ledger.jsonl', 'report')]))"
    r = subprocess.run([sys.executable, '-c', code], cwd=root, capture_output=True, text=True, env={**os.environ, 'PYTHONPATH': str(root)})
    if r.returncode: return [f"the report cannot be made: {(r.stderr.strip().splitlines() or ['no message'])[-1]}"]
    return json.loads(r.stdout.strip().splitlines()[-1])

def shown(p):
    "The ledger's fingerprints in a notebook's outputs"
    cells = json.loads(p.read_text(encoding='utf-8'))['cells']
    said = ' '.join(text(v) for c in cells for o in c.get('outputs', []) for k,v in o.get('data', {}).items() if k == 'text/markdown')
    return set(re.findall(r'ledger fingerprint ([0-9a-f]{16})', said))

def differs(root=ROOT):
    "What would change"
    if not (root/config(root)['lib_path']/'report.py').exists(): return
    yield from call(root, 'report_differs')
    page = root/'report/README.md'
    want = set(re.findall(r'ledger fingerprint ([0-9a-f]{16})', page.read_text(encoding='utf-8'))) if page.exists() else set()
    for p in sorted((root/'nbs').glob('9*.ipynb')):
        if (have := shown(p)) and want and have != want: yield f'{p.name} shows another ledger than report/; run it again'

def main():
    if '--check' in sys.argv: return [print(o) for o in differs()]
    for o in call(ROOT, 'write_report'): print(o)

if __name__ == '__main__': sys.exit(bool(main()))
