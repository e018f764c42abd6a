"One notebook at scale tiny, in a process of its own, with nbdev_test."
import os, subprocess, sys, time
from pages import ROOT

LIMIT = 900 # Seconds that one notebook may take before it counts as hanging

def environment(home, jobs):
    "A machine that has nothing yet: no datasets, no caches, no settings"
    env = {k:v for k,v in os.environ.items() if not k.startswith('FASHIONSTUDY_')}
    threads = str(max(1, (os.cpu_count() or 1)//jobs))
    return {**env, 'FASHIONSTUDY_HOME': f'{home}/home', 'FASHIONSTUDY_SCALE': 'tiny', 'IPYTHONDIR': f'{home}/ipython', 'HYPOTHESIS_STORAGE_DIRECTORY': f'{home}/hypothesis',
            'OMP_NUM_THREADS': threads, 'MKL_NUM_THREADS': threads, 'PYTHONUNBUFFERED': '1', 'TOKENIZERS_PARALLELISM': 'false'}

def test_notebook(nb, env, root=ROOT):
    "Whether nbdev_test passes on it, what it said, and how long it took"
    start = time.time()
    cmd = [sys.executable, '-c', f'from nbdev.test import nbdev_test; nbdev_test(path={str(nb.relative_to(root))!r})']
    try: r = subprocess.run(cmd, cwd=root, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors='replace', timeout=LIMIT)
    except subprocess.TimeoutExpired as e: return nb,False,f'{(e.stdout or b"").decode(errors="replace")[-2000:]}\nstill running after {LIMIT} s',time.time()-start
    return nb,r.returncode == 0 and 'Success.' in r.stdout,r.stdout,time.time()-start
