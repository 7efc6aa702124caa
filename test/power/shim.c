/*
 * A disk that forgets, for LD_PRELOAD: passes every call on and keeps a log of what was done to files below one folder, with
 * what stood there before, and of what was synced. When the process was killed, cut.ts takes back what no sync covered: that is
 * what a power cut does, and what SIGKILL alone never shows, because the page cache outlives the process.
 *
 *   STEPWELL_POWER_DIR     the folder that is watched, an absolute path without links
 *   STEPWELL_POWER_LOG     the log; appended to, one record a write(2), so that it is whole whenever the process dies
 *   STEPWELL_POWER_SAVED   a folder of the same file system where removed and replaced files are kept
 *   STEPWELL_POWER_SYNC_US a sync takes a random time up to this, microseconds: a disk's, and a window to be killed in
 *   STEPWELL_POWER_DIE     number of the sync that is not made any more: the process is killed instead
 *   STEPWELL_POWER_LIE     names of calls that pretend to sync and do not: "fdatasync", "fsync", "dsync"
 *
 * What is synced, by the letter of POSIX: a file's content by fsync and fdatasync of the file, a write through an
 * O_SYNC or O_DSYNC descriptor by itself, a name by fsync of its folder. Nothing is really synced: the log is the disk.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* Kinds of records; cut.ts knows them by the same numbers. */
enum { WRITE = 1, SYNC = 2, SYNCED = 3, CREATE = 4, RENAME = 5, UNLINK = 6, MKDIR = 7, RMDIR = 8, MAPPED = 9 };

/* All little-endian, 48 bytes; `length` bytes follow. */
typedef struct {
  uint32_t kind, length;
  uint64_t seq;
  uint64_t file;   /* inode */
  uint64_t offset; /* WRITE: where; SYNC, SYNCED: the seq that it covers; names: inode of the folder */
  uint64_t count;  /* WRITE: bytes that were written */
  uint64_t size;   /* WRITE: size of the file before */
} Record;

typedef struct {
  int tracked, reader, append, dsync;
} Descriptor;

#define DESCRIPTORS 4096
#define LONGEST_PATH 4096

static Descriptor descriptors[DESCRIPTORS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char root[LONGEST_PATH / 2], saved[LONGEST_PATH / 2];
static size_t root_length;
static int log_file = -1;
static long sync_us, die_at, syncs;
static const char *lies = "";
static uint64_t last;
static int kept_files;
static unsigned int dice;

/* The call of that name which this one hides. */
#define REAL(name)                                       \
  ({                                                     \
    static __typeof__(&name) known;                      \
    if (known == NULL) known = (__typeof__(&name))dlsym(RTLD_NEXT, #name); \
    known;                                               \
  })

__attribute__((constructor)) static void begin(void) {
  const char *dir = getenv("STEPWELL_POWER_DIR"), *log = getenv("STEPWELL_POWER_LOG"), *keep = getenv("STEPWELL_POWER_SAVED");
  if (dir == NULL || log == NULL || keep == NULL) return;
  snprintf(root, sizeof root, "%s", dir);
  snprintf(saved, sizeof saved, "%s", keep);
  root_length = strlen(root);
  if (getenv("STEPWELL_POWER_SYNC_US") != NULL) sync_us = atol(getenv("STEPWELL_POWER_SYNC_US"));
  if (getenv("STEPWELL_POWER_DIE") != NULL) die_at = atol(getenv("STEPWELL_POWER_DIE"));
  if (getenv("STEPWELL_POWER_LIE") != NULL) lies = getenv("STEPWELL_POWER_LIE");
  /* Goes on where an earlier process of the same log ended: a sync covers what that one wrote, too. */
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  last = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
  dice = (unsigned int)(now.tv_nsec ^ getpid());
  log_file = REAL(open64)(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
}

/* Locks of memory that LMDB maps and shares between processes: worth nothing after a restart. */
static int is_lock(const char *path) {
  size_t length = strlen(path);
  return length > 5 && strcmp(path + length - 5, "-lock") == 0;
}

/* The absolute path if it is watched. */
static const char *watched(const char *path, char *buffer) {
  if (log_file < 0 || path == NULL) return NULL;
  if (path[0] != '/') {
    char here[LONGEST_PATH];
    if (getcwd(here, sizeof here) == NULL || snprintf(buffer, LONGEST_PATH, "%s/%s", here, path) >= LONGEST_PATH) return NULL;
    path = buffer;
  }
  if (strncmp(path, root, root_length) != 0 || (path[root_length] != '\0' && path[root_length] != '/')) return NULL;
  return is_lock(path) ? NULL : path;
}

static uint64_t inode_of(const char *path) {
  struct stat found;
  return lstat(path, &found) == 0 ? (uint64_t)found.st_ino : 0;
}

static uint64_t folder_of(const char *path) {
  char folder[LONGEST_PATH];
  snprintf(folder, sizeof folder, "%s", path);
  char *slash = strrchr(folder, '/');
  if (slash == NULL || slash == folder) return 0;
  *slash = '\0';
  return inode_of(folder);
}

/* Appends a record with up to two texts or a block of bytes. Holding the lock. */
static uint64_t note(Record record, const void *bytes, size_t length) {
  int error = errno;
  char *whole = malloc(sizeof record + length);
  record.length = (uint32_t)length;
  record.seq = ++last;
  memcpy(whole, &record, sizeof record);
  if (length > 0) memcpy(whole + sizeof record, bytes, length);
  if (REAL(write)(log_file, whole, sizeof record + length) != (ssize_t)(sizeof record + length)) abort();
  free(whole);
  errno = error;
  return record.seq;
}

static void note_name(uint32_t kind, uint64_t file, const char *path, const char *other, const char *kept) {
  char texts[3 * LONGEST_PATH];
  int length = snprintf(texts, sizeof texts, "%s%c%s%c%s", path, 0, other, 0, kept);
  Record record = {.kind = kind, .file = file, .offset = folder_of(kind == RENAME ? other : path)};
  note(record, texts, (size_t)length);
}

/* Another name for a file that is about to lose its own, outside of the folder. */
static const char *keep(const char *path, char *buffer) {
  struct stat found;
  if (lstat(path, &found) != 0 || !S_ISREG(found.st_mode)) return "";
  snprintf(buffer, LONGEST_PATH, "%s/%d.%d", saved, getpid(), kept_files++);
  return link(path, buffer) == 0 ? buffer : "";
}

static void wait_for_disk(void) {
  if (die_at > 0 && __atomic_add_fetch(&syncs, 1, __ATOMIC_SEQ_CST) == die_at) kill(getpid(), SIGKILL);
  if (sync_us > 0) usleep((useconds_t)(rand_r(&dice) % sync_us));
}

/* A sabotage: the disk says that it is done and is not. */
static int lies_about(const char *name) {
  return strstr(lies, name) != NULL;
}

/* -- descriptors */

static int is_tracked(int fd) {
  return fd >= 0 && fd < DESCRIPTORS && descriptors[fd].tracked;
}

static void forget(int fd) {
  if (fd < 0 || fd >= DESCRIPTORS) return;
  if (descriptors[fd].tracked && descriptors[fd].reader >= 0) REAL(close)(descriptors[fd].reader);
  descriptors[fd] = (Descriptor){.reader = -1};
}

static void track(int fd, int flags) {
  char self[64];
  snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
  descriptors[fd] = (Descriptor){
      .tracked = 1,
      .reader = REAL(open64)(self, O_RDONLY | O_CLOEXEC),
      .append = (flags & O_APPEND) != 0,
      .dsync = (flags & (O_SYNC | O_DSYNC)) != 0,
  };
}

/* What is about to be written over, `count` bytes from `offset`. Holding the lock; 0: this is no file of ours any more. */
static uint64_t note_write(int fd, off64_t offset, size_t count) {
  struct stat64 now;
  if (fstat64(fd, &now) != 0 || !S_ISREG(now.st_mode)) return 0;
  size_t old = offset >= now.st_size ? 0 : (size_t)(now.st_size - offset) < count ? (size_t)(now.st_size - offset) : count;
  char *bytes = malloc(old + 1);
  for (size_t at = 0; at < old;) {
    ssize_t got = pread64(descriptors[fd].reader, bytes + at, old - at, offset + (off64_t)at);
    if (got <= 0) abort();
    at += (size_t)got;
  }
  Record record = {.kind = WRITE, .file = now.st_ino, .offset = (uint64_t)offset, .count = count, .size = (uint64_t)now.st_size};
  uint64_t seq = note(record, bytes, old);
  free(bytes);
  return seq;
}

static off64_t position(int fd) {
  struct stat64 now;
  return descriptors[fd].append && fstat64(fd, &now) == 0 ? now.st_size : lseek64(fd, 0, SEEK_CUR);
}

/* After a write through a descriptor that syncs: that write alone is on disk, a moment later. */
static void synced(int fd, uint64_t seq) {
  if (seq == 0 || !descriptors[fd].dsync || lies_about("dsync")) return;
  wait_for_disk();
  pthread_mutex_lock(&lock);
  note((Record){.kind = SYNCED, .offset = seq}, NULL, 0);
  pthread_mutex_unlock(&lock);
}

static size_t total(const struct iovec *parts, int count) {
  size_t sum = 0;
  for (int i = 0; i < count; i++) sum += parts[i].iov_len;
  return sum;
}

/* `at` is evaluated under the lock: no other write moves the position meanwhile. */
#define WRITING(fd, at, count, call)                    \
  if (!is_tracked(fd)) return call;                     \
  pthread_mutex_lock(&lock);                            \
  uint64_t seq = note_write(fd, at, count);             \
  __typeof__(call) result = call;                       \
  pthread_mutex_unlock(&lock);                          \
  synced(fd, seq);                                      \
  return result

ssize_t write(int fd, const void *data, size_t count) {
  WRITING(fd, position(fd), count, REAL(write)(fd, data, count));
}
ssize_t pwrite(int fd, const void *data, size_t count, off_t offset) {
  WRITING(fd, offset, count, REAL(pwrite)(fd, data, count, offset));
}
ssize_t pwrite64(int fd, const void *data, size_t count, off64_t offset) {
  WRITING(fd, offset, count, REAL(pwrite64)(fd, data, count, offset));
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
  WRITING(fd, position(fd), total(parts, count), REAL(writev)(fd, parts, count));
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
  WRITING(fd, offset, total(parts, count), REAL(pwritev)(fd, parts, count, offset));
}
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) {
  WRITING(fd, offset, total(parts, count), REAL(pwritev64)(fd, parts, count, offset));
}

/* A file that is cut or grown: its end is written over, or its size alone. */
static size_t beyond(int fd, off64_t length) {
  struct stat64 now;
  return fstat64(fd, &now) == 0 && now.st_size > length ? (size_t)(now.st_size - length) : 0;
}
int ftruncate(int fd, off_t length) {
  WRITING(fd, length, beyond(fd, length), REAL(ftruncate)(fd, length));
}
int ftruncate64(int fd, off64_t length) {
  WRITING(fd, length, beyond(fd, length), REAL(ftruncate64)(fd, length));
}

/* -- syncs */

static int sync_file(int fd, const char *name) {
  struct stat64 now;
  if (fstat64(fd, &now) != 0) return -1;
  pthread_mutex_lock(&lock);
  uint64_t covered = last;
  pthread_mutex_unlock(&lock);
  wait_for_disk();
  if (lies_about(name)) return 0;
  pthread_mutex_lock(&lock);
  note((Record){.kind = SYNC, .file = now.st_ino, .offset = covered}, NULL, 0);
  pthread_mutex_unlock(&lock);
  return 0;
}
int fsync(int fd) {
  return is_tracked(fd) ? sync_file(fd, "fsync") : REAL(fsync)(fd);
}
int fdatasync(int fd) {
  return is_tracked(fd) ? sync_file(fd, "fdatasync") : REAL(fdatasync)(fd);
}

/* -- names */

static int open_file(const char *path, int flags, mode_t mode) {
  char buffer[LONGEST_PATH];
  const char *whole = watched(path, buffer);
  if (whole == NULL) {
    int fd = REAL(open64)(path, flags, mode);
    forget(fd);
    return fd;
  }
  pthread_mutex_lock(&lock);
  int fresh = (flags & O_CREAT) != 0 && inode_of(whole) == 0;
  int cut = !fresh && (flags & O_TRUNC) != 0;
  /* Cut by hand, so that the log has what stood there. */
  int fd = REAL(open64)(path, cut ? flags & ~O_TRUNC : flags, mode);
  forget(fd);
  if (fd >= 0 && fd < DESCRIPTORS) {
    track(fd, flags);
    if (fresh) note_name(CREATE, inode_of(whole), whole, "", "");
    if (cut) {
      note_write(fd, 0, beyond(fd, 0));
      REAL(ftruncate64)(fd, 0);
    }
  }
  pthread_mutex_unlock(&lock);
  return fd;
}

#define MODE(flags, mode)            \
  mode_t mode = 0;                   \
  if ((flags) & (O_CREAT | O_TMPFILE)) { \
    va_list rest;                    \
    va_start(rest, flags);           \
    mode = va_arg(rest, mode_t);     \
    va_end(rest);                    \
  }

int open(const char *path, int flags, ...) {
  MODE(flags, mode)
  return open_file(path, flags, mode);
}
int open64(const char *path, int flags, ...) {
  MODE(flags, mode)
  return open_file(path, flags, mode);
}
int openat(int folder, const char *path, int flags, ...) {
  MODE(flags, mode)
  return folder == AT_FDCWD || path[0] == '/' ? open_file(path, flags, mode) : REAL(openat)(folder, path, flags, mode);
}
int openat64(int folder, const char *path, int flags, ...) {
  MODE(flags, mode)
  return folder == AT_FDCWD || path[0] == '/' ? open_file(path, flags, mode) : REAL(openat64)(folder, path, flags, mode);
}
int creat(const char *path, mode_t mode) {
  return open_file(path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}
int close(int fd) {
  if (is_tracked(fd)) forget(fd);
  return REAL(close)(fd);
}

int rename(const char *from, const char *to) {
  char one[LONGEST_PATH], other[LONGEST_PATH], kept[LONGEST_PATH];
  const char *source = watched(from, one), *target = watched(to, other);
  if (source == NULL || target == NULL) return REAL(rename)(from, to);
  pthread_mutex_lock(&lock);
  uint64_t file = inode_of(source);
  const char *replaced = keep(target, kept);
  int result = REAL(rename)(from, to);
  if (result == 0) note_name(RENAME, file, source, target, replaced);
  pthread_mutex_unlock(&lock);
  return result;
}

static int remove_file(const char *path, int (*remove_it)(const char *)) {
  char buffer[LONGEST_PATH], kept[LONGEST_PATH];
  const char *whole = watched(path, buffer);
  if (whole == NULL) return remove_it(path);
  pthread_mutex_lock(&lock);
  uint64_t file = inode_of(whole);
  const char *removed = keep(whole, kept);
  int result = remove_it(path);
  if (result == 0) note_name(UNLINK, file, whole, "", removed);
  pthread_mutex_unlock(&lock);
  return result;
}
static int real_unlink(const char *path) {
  return REAL(unlink)(path);
}
int unlink(const char *path) {
  return remove_file(path, real_unlink);
}

static int change_folder(uint32_t kind, const char *path, mode_t mode) {
  char buffer[LONGEST_PATH];
  const char *whole = watched(path, buffer);
  if (whole == NULL) return kind == MKDIR ? REAL(mkdir)(path, mode) : REAL(rmdir)(path);
  pthread_mutex_lock(&lock);
  uint64_t before = inode_of(whole);
  int result = kind == MKDIR ? REAL(mkdir)(path, mode) : REAL(rmdir)(path);
  if (result == 0) note_name(kind, kind == MKDIR ? inode_of(whole) : before, whole, "", "");
  pthread_mutex_unlock(&lock);
  return result;
}
int mkdir(const char *path, mode_t mode) {
  return change_folder(MKDIR, path, mode);
}
int rmdir(const char *path) {
  return change_folder(RMDIR, path, 0);
}

int remove(const char *path) {
  struct stat found;
  return lstat(path, &found) == 0 && S_ISDIR(found.st_mode) ? rmdir(path) : unlink(path);
}

/* std::filesystem removes by descriptor of the folder. */
int unlinkat(int folder, const char *path, int flags) {
  char whole[LONGEST_PATH], self[64];
  if (path[0] == '/' || folder == AT_FDCWD) return flags & AT_REMOVEDIR ? rmdir(path) : unlink(path);
  snprintf(self, sizeof self, "/proc/self/fd/%d", folder);
  ssize_t length = readlink(self, whole, sizeof whole - 1);
  if (length <= 0 || length + 1 + strlen(path) >= sizeof whole) return REAL(unlinkat)(folder, path, flags);
  snprintf(whole + length, sizeof whole - (size_t)length, "/%s", path);
  return flags & AT_REMOVEDIR ? rmdir(whole) : unlink(whole);
}

/* -- what the log does not see */

static void note_mapping(int fd, int protection, int flags) {
  if (!is_tracked(fd) || !(protection & PROT_WRITE) || !(flags & MAP_SHARED)) return;
  pthread_mutex_lock(&lock);
  note((Record){.kind = MAPPED}, NULL, 0);
  pthread_mutex_unlock(&lock);
}
void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset) {
  note_mapping(fd, protection, flags);
  return REAL(mmap)(address, length, protection, flags, fd, offset);
}
void *mmap64(void *address, size_t length, int protection, int flags, int fd, off64_t offset) {
  note_mapping(fd, protection, flags);
  return REAL(mmap64)(address, length, protection, flags, fd, offset);
}
