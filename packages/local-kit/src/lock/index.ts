// Folders that one process works on at a time, whatever happens to it.
export { FolderInUse, lockFolder } from './folder-lock';
export { StateFolder, type StateFolderProps, UnusableFolder } from './state-folder';
