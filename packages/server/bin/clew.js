#!/usr/bin/env -S node --max-semi-space-size=64
// A file of its own, because a command is linked when packages are installed, and that is before they are built.
//
// What a request brings is garbage as soon as it is in a segment. With the usual 16 MB for young objects, collecting them
// took a tenth of the server's time (`bench -- ingest`); the size can only be set when Node starts.
import '../dist/main.js';
