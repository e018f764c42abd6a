"""How long each notebook takes: `times.py record small < log` keeps what a run said, and `times.py` writes it at the head of the notebooks.

A run says it in lines such as `ok   21_search.ipynb (9 s)` (make test) or `21_search.ipynb: 9 s` (make notebooks)."""
import argparse, hashlib, json, re, sys
from pathlib import Path
from pages import ROOT, text

FILE = 'nbs/times.json' # machine: scale to its name; seconds: scale to notebook to seconds
SCALES = 'tiny', 'small'
MARK = '*Takes '
SAID = re.compile(r'^(?:ok\s+)?(\S+)\.ipynb(?: \((\d+) s\)|: (\d+) s)$', re.M)

def numbered(root): return sorted(p for p in (root/'nbs').glob('[0-9]*.ipynb'))

def words(s):
    "Seconds as a reader wants them"
    if s < 10: return 'a few seconds'
    return f'about {round(s, -1)} seconds' if s < 95 else f'about {round(s/60)} minutes'

def sentence(seconds, study=False):
    "The line at the head of a notebook; seconds by scale, where they were measured"
    said = ' and '.join(f'{words(s)} at scale `{k}`' for k,s in seconds.items())
    how = ' At `small` that is from no kept network, on drawn garments, with another study beside; photos take longer.' if study and 'small' in seconds else ''
    return f'{MARK}{said}, on two cores; `full` is for a GPU and was not timed.{how}*'

def is_study(cells): return bool(re.search(r'^-\s+study:', text(cells[0]['source']), re.M))

def known(seconds, p): return {k: seconds[k][p.stem] for k in SCALES if p.stem in seconds.get(k, {})}

def head(nb, line):
    "A notebook whose second cell is the line"
    cells = nb['cells']
    have = next((i for i,c in enumerate(cells[1:3], 1) if c['cell_type'] == 'markdown' and text(c['source']).startswith(MARK)), None)
    c = cells.pop(have) if have else dict(cell_type='markdown', id=hashlib.blake2b(text(cells[0]['source']).encode(), digest_size=4).hexdigest(), metadata={})
    cells.insert(1, {**c, 'source': [line]})
    return nb

def differs(root=ROOT):
    "What would change"
    try: seconds = json.loads((root/FILE).read_text(encoding='utf-8'))['seconds']
    except (OSError, ValueError, KeyError): yield f'{FILE} cannot be read: it holds seconds by scale and notebook'; return
    for p in numbered(root):
        cells = json.loads(p.read_text(encoding='utf-8'))['cells']
        have = known(seconds, p)
        if gone := [k for k in SCALES if k not in have]: yield f"{FILE} does not say how long {p.name} takes at {' and '.join(gone)}; run it there, and tools/times.py record"
        elif len(cells) < 2 or text(cells[1]['source']) != sentence(have, is_study(cells)): yield f'{p.name} does not begin with what {FILE} says of its time; run make times'
    for k in SCALES:
        for n in sorted(set(seconds.get(k, {})) - {p.stem for p in numbered(root)}): yield f'{FILE} has a time of {n}, which is not there'

def record(scale, said, machine, root=ROOT):
    "Keep the times of a log"
    kept = json.loads((root/FILE).read_text(encoding='utf-8')) if (root/FILE).exists() else dict(machine={}, seconds={})
    new,there = {m[1]: int(m[2] or m[3]) for m in SAID.finditer(said)},{p.stem for p in numbered(root)}
    kept['machine'][scale] = machine
    kept['seconds'][scale] = dict(sorted({k: v for k,v in {**kept['seconds'].get(scale, {}), **new}.items() if k in there}.items()))
    (root/FILE).write_text(json.dumps(kept, indent=1)+'\n', encoding='utf-8')
    return len(new)

def write(root=ROOT):
    "Put the lines at the head of the notebooks"
    from execnb.nbio import nb2str
    seconds = json.loads((root/FILE).read_text(encoding='utf-8'))['seconds']
    for p in numbered(root):
        if not (have := known(seconds, p)): continue
        old = p.read_text(encoding='utf-8')
        nb = json.loads(old)
        new = nb2str(head(nb, sentence(have, is_study(nb['cells']))))
        if new != old: p.write_text(new, encoding='utf-8')

def main():
    p = argparse.ArgumentParser(description=__doc__)
    sub = p.add_subparsers(dest='cmd')
    a = sub.add_parser('record')
    a.add_argument('scale', choices=SCALES)
    a = p.parse_args()
    if a.cmd == 'record':
        from fashionstudy.core import device_name
        print(f'{record(a.scale, sys.stdin.read(), device_name())} times kept')
    else: write()

if __name__ == '__main__': sys.exit(main())
