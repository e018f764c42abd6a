"Test every notebook at scale tiny with nbdev_test, then run the checks; ends with one line, `N passed, N failed`."
import argparse, sys, tempfile
from concurrent.futures import ThreadPoolExecutor, as_completed
from check import check_all, notebooks
from nbtest import environment, test_notebook
from pages import ROOT
from selftest import selftest

def brief(said, n=3000):
    "The beginning, where the cell and the error stand, and the end"
    return said if len(said) < 2*n else f'{said[:n]}\n  [...]\n{said[-n:]}'

def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument('--jobs', type=int, default=2, help='notebooks at a time')
    p.add_argument('--no-checks', action='store_true', help='notebooks only')
    p.add_argument('names', nargs='*', metavar='NAME', help='parts of names; none means all')
    a = p.parse_args()
    say = lambda s: print(s, flush=True)
    good = bad = 0
    with tempfile.TemporaryDirectory() as home, ThreadPoolExecutor(a.jobs) as ex:
        env = environment(home, a.jobs)
        todo = [nb for nb in notebooks(ROOT) if not a.names or any(n in nb.name for n in a.names)]
        for f in as_completed([ex.submit(test_notebook, nb, env) for nb in todo]):
            nb,ok,said,s = f.result()
            good,bad = good+ok,bad+(not ok)
            say(f"{'ok  ' if ok else 'FAIL'} {nb.relative_to(ROOT/'nbs')} ({s:.0f} s)" + ('' if ok else '\n' + brief(said)))
    if not a.no_checks:
        for g,b in (check_all(say=say), selftest(say=say)): good,bad = good+g,bad+b
    say(f'{good} passed, {bad} failed')
    return bool(bad)

if __name__ == '__main__': sys.exit(main())
