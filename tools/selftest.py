"Break a small project in every way that a check looks for, and see it found: a check that cannot fail is none."
import json, shutil, subprocess, sys, tempfile, time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
import check, readme, times
from nbtest import environment, test_notebook
from pages import ROOT, stage

NAME = 'toyfrock' # The small project's library

def cell(src, kind='code', outputs=()):
    c = dict(cell_type=kind, id=f'{check_id(src)}', metadata={}, source=src.splitlines(keepends=True))
    return dict(c, execution_count=None, outputs=list(outputs)) if kind == 'code' else c

def check_id(s):
    import hashlib
    return hashlib.blake2b(s.encode(), digest_size=4).hexdigest()

PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
FIGURE = dict(output_type='display_data', metadata={}, data={'image/png': PIXEL, 'text/plain': ['<Figure>']})
LABELLED = '#| label: fig-frock\n#| fig-cap: "A frock."\n#| fig-alt: "A plain red frock on a hanger."\ndraw()'

def write_nb(path, cells):
    from execnb.nbio import nb2str
    path.write_text(nb2str(dict(cells=cells, metadata=dict(kernelspec=dict(display_name='python3', language='python', name='python3')), nbformat=4, nbformat_minor=5)), encoding='utf-8')

def edit_nb(name, f):
    "A mutation of one notebook's list of cells"
    def do(root):
        p = root/'nbs'/name
        cells = json.loads(p.read_text(encoding='utf-8'))['cells']
        f(cells)
        write_nb(p, cells)
    return do

def edit(name, old, new):
    "A mutation of one text file"
    def do(root):
        p = root/name
        s = p.read_text(encoding='utf-8')
        if old not in s: raise ValueError(f'{name} does not hold {old!r}')
        p.write_text(s.replace(old, new), encoding='utf-8')
    return do

def append(name, line): return lambda root: (root/name).write_text((root/name).read_text(encoding='utf-8') + line, encoding='utf-8')
def remove(name): return lambda root: (root/name).unlink()
def add(*cells): return edit_nb('10_frock.ipynb', lambda cs: cs.extend(cells))
def output(**kw): return add(cell('1', outputs=[kw]))
def stream(text, name='stdout'): return output(output_type='stream', name=name, text=[text])

def project(root):
    "A small project that passes every check"
    root.mkdir(parents=True)
    for n in ('setup.py', 'MANIFEST.in', 'LICENSE', 'CONTRIBUTING.md', 'Makefile'): shutil.copy(ROOT/n, root/n)
    ini = (ROOT/'settings.ini').read_text(encoding='utf-8').replace('fashionstudy', NAME)
    drop = ('requirements =', 'dev_requirements =')
    lines = [l for l in ini.splitlines() if not l.startswith(drop)] + ['requirements = numpy>=2', 'dev_requirements = nbdev>=2.4,<3']
    (root/'settings.ini').write_text('\n'.join(lines)+'\n', encoding='utf-8')
    version = next(l.split('=')[1].strip() for l in lines if l.startswith('version'))
    (root/'requirements.lock').write_text('numpy==2.4.6\nnbdev==2.4.14\n')
    (root/'CHANGELOG.md').write_text(f'# Changelog\n\n## [{version}]\n')
    (root/'README.md').write_text('')
    (root/'_quarto.yml').write_text('project: {type: website}\nformat: {html: {theme: cosmo}}\nwebsite: {sidebar: {contents: [index.ipynb, 10_frock.ipynb]}}\nmetadata-files: [nbdev.yml]\nbibliography: references.bib\n')
    (root/'nbs').mkdir()
    (root/'nbs/references.bib').write_text('@misc{le,\n  author = {Le, James},\n  title = {Clothing},\n  year = {2018},\n}\n')
    (root/'nbs/_quarto.yml').symlink_to('../_quarto.yml')
    write_nb(root/'nbs/index.ipynb', [cell('# toyfrock\n\n> A toy.', 'markdown'), cell('See [frocks](10_frock.ipynb#hems-and-seams).', 'markdown')])
    spent = {'10_frock': 12, '95_cli': 130}
    (root/times.FILE).write_text(json.dumps(dict(machine={}, seconds=dict.fromkeys(times.SCALES, spent))))
    takes = {n: cell(times.sentence(dict.fromkeys(times.SCALES, s)), 'markdown') for n,s in spent.items()}
    write_nb(root/'nbs/10_frock.ipynb', [cell('# frock\n\n> One frock.', 'markdown'), takes['10_frock'], cell('#| default_exp frock'), cell('#| export\nimport json'), cell('## Hems and seams', 'markdown'),
        cell('#| export\ndef hem(n): return n+1'), cell(LABELLED, outputs=[FIGURE]), cell('@fig-frock has a hem; back to [the start](index.ipynb) [@le].', 'markdown')])
    (root/NAME).mkdir()
    cli = cell('#| export\ndef main():\n    import argparse\n    argparse.ArgumentParser().parse_args()')
    write_nb(root/'nbs/95_cli.ipynb', [cell('# cli\n\n> A command.', 'markdown'), takes['95_cli'], cell('#| default_exp cli'), cli])
    edit('_quarto.yml', '10_frock.ipynb', '10_frock.ipynb, 95_cli.ipynb')(root)
    subprocess.run([sys.executable, '-c', 'from nbdev.doclinks import nbdev_export; nbdev_export()'], cwd=root, check=True, capture_output=True)
    with tempfile.TemporaryDirectory() as t:
        staged = stage(root, t)
        shutil.copy(Path(t)/'nbs/nbdev.yml', root/'nbs/nbdev.yml')
        (root/'README.md').write_text(readme.make(staged, root)[0], encoding='utf-8')
    return root

def fake_report(line):
    "A mutation: a report module that finds, or raises, what is given"
    def do(root):
        (root/NAME/'report.py').write_text(f'def report_differs(ledger, folder): {line}\n')
        (root/'report').mkdir(exist_ok=True)
        (root/'report/README.md').write_text('ledger fingerprint 0123456789abcdef\n')
    return do

SHOWN = dict(output_type='display_data', metadata={}, data={'text/markdown': ['ledger fingerprint fedcba9876543210']})

BREAKS = [ # Check, what is done, a piece of what it must say
    ('exported', append(f'{NAME}/frock.py', '\nx = 1\n'), 'is not what its notebook exports'),
    ('exported', remove(f'{NAME}/frock.py'), 'is not there'),
    ('exported', append(f'{NAME}/_modidx.py', '# x\n'), '_modidx.py is not what'),
    ('exported', lambda r: (r/NAME/'old.py').write_text('# AUTOGENERATED\n'), 'comes from no notebook'),
    ('clean', edit('nbs/10_frock.ipynb', '"execution_count": null', '"execution_count": 7'), 'is not clean'),
    ('outputs', output(output_type='error', ename='KeyError', evalue='x', traceback=[]), 'error output, KeyError'),
    ('outputs', stream('UserWarning: old', 'stderr'), 'stderr output'),
    ('outputs', stream('saved to ' + '/home' + '/ada/frock.jpg'), 'output holds a machine path'),
    ('outputs', stream('saved to ' + tempfile.gettempdir() + '/abc/frock.jpg'), 'output holds a machine path'),
    ('outputs', add(cell('open("' + '/Users' + '/ada/frock.jpg")')), 'source holds a machine path'),
    ('outputs', stream('x'*check.NB_BYTES), 'at most 2'),
    ('site', add(cell('[gone](11_gone.ipynb)', 'markdown')), 'link to 11_gone.ipynb: no such page'),
    ('site', add(cell('[gone](index.ipynb#nowhere)', 'markdown')), 'link to index.ipynb#nowhere: no anchor'),
    ('site', add(cell('[gone](#nowhere)', 'markdown')), 'link to #nowhere: no anchor'),
    ('site', add(cell('@fig-gone', 'markdown')), '@fig-gone refers to nothing'),
    ('site', add(cell('As in @nobody2020, so here.', 'markdown')), '@nobody2020 is in no bibliography'),
    ('site', add(cell('draw_1()', outputs=[FIGURE])), '(`draw_1()`): figure without #| fig-cap'),
    ('site', add(cell('#| fig-cap: "A frock."\ndraw_2()', outputs=[FIGURE])), '(`draw_2()`): figure without #| fig-alt'),
    ('site', add(cell(LABELLED+'\n', outputs=[FIGURE])), 'label fig-frock is used 2 times'),
    ('site', add(cell('![](x.png)', 'markdown')), 'picture x.png has no description'),
    ('site', edit('_quarto.yml', ', 10_frock.ipynb', ''), '10_frock.ipynb is not in the sidebar'),
    ('site', edit('_quarto.yml', 'index.ipynb,', 'index.ipynb, 12_gone.ipynb,'), 'names 12_gone.ipynb, which is not there'),
    ('site', lambda r: (r/'nbs/cli.html').write_text('<!doctype html>'), 'cli.html would lie where the page of 95_cli.ipynb'),
    ('site', edit('_quarto.yml', 'type: website', 'type: website, resources: [gone.csv]'), 'the resource gone.csv, which is not there'),
    ('site', lambda r: (edit('_quarto.yml', '95_cli.ipynb', '95_cli.ipynb, 10a_frock.ipynb')(r), shutil.copy(r/'nbs/10_frock.ipynb', r/'nbs/10a_frock.ipynb')), 'would both become frock.html'),
    ('site', remove('nbs/_quarto.yml'), 'nbdev stages another _quarto.yml'),
    ('site', edit('README.md', 'frocks', 'shoes'), 'README.md is not what'),
    ('site', edit('nbs/nbdev.yml', 'title', 'titel'), 'nbs/nbdev.yml is not what'),
    ('report', fake_report("return [f'{folder}/README.md is not what {ledger} gives']"), 'report/README.md is not what nbs/ledger.jsonl gives'),
    ('report', fake_report("raise OSError('cannot be read: ledger')"), 'the report cannot be made: OSError: cannot be read'),
    ('report', lambda r: (fake_report('return []')(r), edit_nb('95_cli.ipynb', lambda cs: cs.append(cell('show()', outputs=[SHOWN])))(r)), '95_cli.ipynb shows another ledger'),
    ('times', edit('nbs/10_frock.ipynb', 'about 10 seconds', 'no time'), '10_frock.ipynb does not begin with what'),
    ('times', edit('nbs/times.json', '"95_cli"', '"96_gone"'), 'has a time of 96_gone, which is not there'),
    ('times', edit('nbs/times.json', '"95_cli"', '"96_gone"'), 'does not say how long 95_cli.ipynb takes at tiny and small'),
    ('times', edit('nbs/times.json', '{', '['), 'nbs/times.json cannot be read'),
    ('quarto', append('_quarto.yml', '  bad: [\n'), 'cannot be read'),
    ('quarto', edit('_quarto.yml', 'theme', 'thme'), 'format.html.thme is no key'),
    ('quarto', remove('nbs/_quarto.yml'), 'must be a link'),
    ('quarto', append('nbs/references.bib', '\n@misc{ada,\n  year = {1843},\n}\n@misc{ada,\n  title = {Notes},\n}\n'), 'references.bib: ada has no'),
    ('imports', append(f'{NAME}/cli.py', '\nprint("hello")\n'), "prints 'hello'"),
    ('imports', append(f'{NAME}/cli.py', '\nimport socket\ntry: socket.create_connection(("127.0.0.1", 9), 1)\nexcept Exception: pass\n'), 'reaches for the network'),
    ('imports', append(f'{NAME}/cli.py', '\nimport matplotlib\n'), 'matplotlib'),
    ('imports', append(f'{NAME}/cli.py', '\nimport IPython\n'), 'IPython'),
    ('imports', append(f'{NAME}/cli.py', '\nimport torch\n'), 'torch'),
    ('imports', append(f'{NAME}/cli.py', '\n1/0\n'), 'ZeroDivisionError'),
    ('package', edit('settings.ini', f'{NAME}.cli:main', f'{NAME}.cli:gone'), '--help fails'),
    ('package', edit('MANIFEST.in', 'settings.ini', ''), 'no wheel from the sdist'),
    ('papers', edit('CHANGELOG.md', '## [', '## ['+'9'), 'CHANGELOG.md does not mention'),
    ('papers', edit('requirements.lock', 'numpy==2.4.6', 'numpy==1.26.4'), 'requirements.lock has numpy 1.26.4'),
    ('papers', append('requirements.lock', 'x @ https://example.org/x.whl\n'), 'names a place'),
    ('secrets', append('CONTRIBUTING.md', '\nAKIA' + 'ABCDEFGHIJKLMNOP\n'), 'looks like a key'),
]

ALONE = 'cannot be read', 'must be a link', 'is not there', 'another', 'is not what nbs/ledger', 'ZeroDivision', 'package' # What would hide other findings

def projects():
    "What can be broken side by side is, for speed; the rest one by one"
    def alone(b): return b[0] == 'package' or any(b[2].startswith(o) or o in b[2] for o in ALONE)
    return [[b for b in BREAKS if b[0] == n and not alone(b)] for n in {b[0]: 1 for b in BREAKS if not alone(b)}] + [[b] for b in BREAKS if alone(b)]

def selftest(say=print):
    "Returns how many breaks were found and how many were not"
    start = time.time()
    with tempfile.TemporaryDirectory() as t:
        base = project(Path(t)/'base')
        say_no = [f'{n}: {f}' for n in check.CHECKS for f in check.CHECKS[n](base)]
        if say_no: say('FAIL selftest: the unbroken project does not pass\n' + '\n'.join(say_no)); return 0,1
        def one(a):
            i,breaks = a
            root = Path(shutil.copytree(base, Path(t)/str(i), symlinks=True))
            for _,do,_ in breaks: do(root)
            found = list(check.CHECKS[breaks[0][0]](root))
            return [f'check {name} should say {want!r}; it says {found or "nothing"}' for name,_,want in breaks if not any(want in f for f in found)]
        with ThreadPoolExecutor(2) as ex: missed = [o for r in ex.map(one, enumerate(projects())) for o in r]
        for src,want in (('assert 1+1 == 2', True), ('assert 1+1 == 3', False), ('import os; os._exit(0)', False), ('#| slow\nassert False', True)):
            write_nb(base/'nbs/20_try.ipynb', [cell('# try', 'markdown'), cell(src)])
            if test_notebook(base/'nbs/20_try.ipynb', environment(t, 2), base)[1] != want: missed.append(f"a notebook with {src!r} should {'pass' if want else 'fail'} its test")
    say(f"{'FAIL' if missed else 'ok  '} selftest ({time.time()-start:.0f} s): {len(BREAKS)-len(missed)} of {len(BREAKS)} broken projects were found out" + ''.join(f'\n       - {m}' for m in missed))
    return (0, 1) if missed else (1, 0)
