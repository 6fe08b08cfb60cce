#!/usr/bin/env node
// The npm bin: runs main.ts, which Node cannot read by itself.
require('tsx/cjs');
require('./main.ts');
