import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
export const VENDOR = join(ROOT, 'assets', 'vendor');

/** Makes `folder` hold exactly `files` (path → text or bytes) and nothing else. */
export async function writeFolder(folder, files) {
  await mkdir(folder, { recursive: true });
  for (const path of await pathsUnder(folder)) {
    if (!files.has(path)) await rm(join(folder, path));
  }
  for (const [path, content] of files) {
    await writeIfChanged(join(folder, path), Buffer.from(content));
  }
}

async function pathsUnder(folder) {
  const paths = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      for (const inner of await pathsUnder(path)) paths.push(join(entry.name, inner));
    } else {
      paths.push(relative(folder, path));
    }
  }
  return paths.map((path) => path.split(sep).join('/'));
}

// Cargo recompiles what embeds a file whose date changed: a file that is already right keeps its date.
async function writeIfChanged(path, content) {
  const before = await readFile(path).catch(() => null);
  if (before?.equals(content)) return;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
