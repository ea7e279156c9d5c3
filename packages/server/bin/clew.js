#!/usr/bin/env node
// A file of its own, because a command is linked when packages are installed, and that is before they are built.
import '../dist/main.js';
