"""The AWS CLI for many commands: loaded once, and forked for each, because most of a command is the start of Python.

Reads a JSON object a line, {"id", "args"}; each command writes one when it has ended, {"id", "code", "said", "complained"}, what it wrote to
its standard output and error among it. Environment and working folder are this process's own.
"""

import json
import os
import signal
import sys
import tempfile

import awscli.clidriver


def run(driver, answers, request):
    files = [tempfile.TemporaryFile() for _ in range(2)]
    for number, file in zip((1, 2), files):
        os.dup2(file.fileno(), number)
    try:
        code = driver.main(request['args'])
    except SystemExit as stop:
        code = stop.code
    sys.stdout.flush()
    sys.stderr.flush()
    for file in files:
        file.seek(0)
    said, complained = (file.read().decode() for file in files)
    answer = {'id': request['id'], 'code': code, 'said': said, 'complained': complained}
    os.write(answers, (json.dumps(answer) + '\n').encode())


def main():
    driver = awscli.clidriver.create_clidriver()
    # Nobody waits for those that have answered.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    answers = os.dup(1)
    for line in sys.stdin:
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            run(driver, answers, json.loads(line))
            os._exit(0)


main()
