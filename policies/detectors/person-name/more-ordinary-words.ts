/** Words that are rarer in documents about software. */
export const MORE_ORDINARY_WORDS: readonly string[] =
  `abandoned abnormal absence absname abusive academic accelerate accelerator accent acceptance accesskey accident accidental
  accommodate accomodate accompanied accomplish acconfig acinclude acknowledge acknowledgment aclocal acquire acronym
  activatable activities adacore addaleax addendum addr addressable addrinfo addrspec adduser adequate adherence adjacent
  adjustment administers administrative admittedly adress advance advantageous advent adverse advertise advice advisable advise
  aead affine affirms afterward agetty agnostic aimed aiming alarm alban albeit aleksey algo alike alink alioth alloc alloca
  allocator allowable alnum alon alphabetic alsamixer altivec altlinux alum alumni amacapital amazing ambient ambiguities amdgcn
  amend analog analogous analyses analyze ancestry ancient android angband anholt annotate announce annoying anthologies
  antivirus anybody apicontent apidoc aplattner apologies apostrophe apparent appeal appearance appease appreciate approval
  approve approx apropos aptitude arbitrarily arch archaic architectural arcor area areconly aren arenas argc arguably
  arithmetic armel armhf armor armory arrange arrival arrive artificial asan asciidoc asciidoctor aside aspect asprintf assemble
  assembly assent assist associative assure asterisk asymmetric atexit atime atoi atom atomic atomically atomicity attachment
  attend attr audio auditable augment authnameslen authoritative authorities authorize authorship authtag authtype autoconf
  autodetect autogen autoheader automake automate autopkg autopkgtest autopoint autoreconf autotools auxiliary avoidance awful
  awkward axis backport backreferences backspace backtrace balintreczey bandwidth barf barrier bars basedir bashism bastian baud
  bcopy bcrypt beanbar beats becuase began begun behdad belatedly belong beneath beneficial benign benzedrine beobide berrange
  betterment bgcolor biarch bias bidirectional biggest bignum billion bindir bindnow bindtextdomain binfmt binutils bisect
  bitcase bitfield bitmap bitmask bitrot bitwise blacklist blah blame blind blkid bloat blockquote blocksize blowfish bluehost
  bnoordhuis bogus boilerplate bomb bonus boom bootup borrow brad breakage breakpoint breezy brief bring brotli brought browse
  bsdextrautils bsdmainutils bsearch btree bufsize bugfix buggy bugzilla buildable buildd builddir bull bunch burden busctl
  busybox bzero bzip bzlib cachegrind cadence cairo calc calloc canonicalize capable capitalize cardio careless carriage
  catchall caught ccache ccid cclauss cctest cdrom ceil centraliens centrum century certdata certtool cfdisk cflags cgit cgroup
  chacha changeable changeset charts chatty chdir checkbox checkin checkpin checkpoint checksum chiark chips chmod choke chomp
  chop choreographic chose chown christian chronox chroot chrpath churn chvno cidr cielonegro cinematographic cinematography
  ciphersuite circle circuit circumstance circumvent circus cite cjihrig cjpeg cker clang clangd clarified clarifies clarity
  clash classifier classifies classify clause clearfix clever click clip clipboard clipping clisp clobber closedir closesocket
  clue clutter cmake cmap cmdline cmos cmyk coalesce coarse codebytere codename codepage codepath codepoint codeset codesourcery
  codespell codeweavers coefficient coexist coherent coinstallable colcrt collabora collapse collating collax colorize colormap
  colorspace colour colrm colspan combo comcast comm commandline commence commentary commitment commmon communicate communities
  comp compensate competent compilable complaint complicates composite compressor compromise compulsory computeroutput comstyle
  concat conceptually concern concise cond condensed conf conffile confflags configparser conformance conformant conftest
  confuse conn consensus consent consequently considerable considerably consolidate conspicuously constitute constrained
  construed consult contextual contiguous continually contradictory contrary contrib controllable controversial conv
  conventional convey convinced cope copyedit copyrightable coredumps coreutils coroutines corpus correlate corrupt countdown
  counterpart countless countries court courtesan courtesy coverity cpan cppcheck cpplint cpuid craft cramfs crazy crept
  crippled criterion crude cruft crypt cryptic cryptsetup cscope csiro ctime ctor ctype culprits culture cumbersome cumulative
  curses customary customizable cutting cvsimport cvsserver cyclic cygwin daemon daenzer daimi dallu damage danger dangerous
  danielleadams danielnylander danjou darwin datadir datagram datatype dbgsym dbus deactivate deadlock deallocate death debconf
  debhelper debian debs debuggable debugged debuginfo debuginfod decade decent decipher declaim declarative decnet decomposed
  decompressor decorator decouple deduced dedup deem defaces defect defend defense defensive deficiencies definite deflake defs
  defunct degrade degree deinit dejagnu demarcate demonstrate demorecorder denial deno denominator denote deny depcomp
  dependence dependent deploy deref dereference derivative derogatory desc descend descendant descent deselect deserialize
  desirable desire desrt destructor detach detector detriment devel devhelp deviates devised devname devsnek diag diagnose
  diagnosis diagnostic diagram dialog dict dictionaries died dies differentiate difficulties difficulty diffstat difftool digest
  digitalbrains directional dirent dirfd dirmngr dirty disappear disassembly disc disclaim discourage discoverable discrepancy
  discrete displayname disposal disproportionate disroot disrupt distance distcheck distclean distinguishable distort
  distributable distributors distro distutils dithering ditto diverse divide divisor djpeg dlclose dlopen dmesg docbook docdir
  docfix docstring doctype doesn doko dolfs dollar donate dont doomed dottedmag downgrade doxygen dozen dpatch draconx drag
  draig dramatic dramatically drastically draw drawable drawback drawn driven dronecode dropping dual dubious dumb dunno dups
  dying eager eamonwalsh earliest ecce ecdh eddy editable eduardosm educational efficiency egrep eject elaborate elapsed elect
  electronic elegant elfutils elided ellipses ellipsis elsif elupus emacs embedder embodied emeriti emeritus emitter empathy
  emphasis emphasize employed employer emulate encapsulate enclose encounter enctype encyclopedias endian endif endless endlessm
  endorse enel enforceable english engraving enjoy enlarge enrich ensemble ensurepip entirety entitled entrypoint enumerate
  enumref environ environmental envvar epatents ephemeral epoll equitable equivalence erase errata errno erroneous esac essence
  establishment estimate estream euro evanlucas eventcopies eventcopy eventstruct eventual evil examine excerpt execve exercise
  exhaust exhaustive exherbo exhibit existance existent exotic expat expense expire expiry explain explanatory explicitely
  explicity exploit exploitable exposure exslt extensionless extern exthdr extractor extraneous extreme eyeballs facilitate
  failsafe fakechroot fakeroot fallen fallocate fallout fancy fastmail faulty fchmod fchown fclose fdformat fdisk fdopen fear
  feautures federal fedoraproject feed fell feof ferror fexecve fffacd fflush fgets fgrep fieldname fieldref fifthhorseman fifty
  filehandle fileinfo filelen fileno filesize filetype fileutils fincore findmnt firefox firewall fixmes fixup flagged flavor
  flaw flex flicker flip flock flood floppy fname fnmatch fold folklore folks fontconfig fooishbar fooled foot fopen forbid
  forcibly foreach foregoing foreign foreseeable forgery forgiving forgot forgotten forth fortify fprintf fputs fractional fread
  freedesktop freedom freelist freenet freetype freeze french frequent frodo fseek fsij fsmonitor fstab fstat fstatat fstrim
  fstype fsync ftell ftruncate fubar fulfil fulfill fullest fullrelvers funcdef funcsynopsis functionalities functools funding
  funny futex fuzz fuzzy fwrite gaikai gain gamma garbled gather gave gawk gazillion gcrypt gdbserver gdbus gedit geecko
  generalize generous gengjiawen gentoo geometry getaddrinfo getauxval getcwd getegid getentropy getenv geteuid getgroups
  gethostbyname gethostname getinfo getline getnameinfo getopt getpagesize getpeername getpid getppid getpwuid getrandom
  getrlimit getsockname gettext gettextize gettimeofday gigabytes gimp gitattributes gitdir gitk gitlab gitweb glandium gles
  glib glibc glitch glossary glyph gmake gmplib gmtime gnat gnulib gnupg gnutls gobject gone goodwill googlemail googletest goto
  gotten govern gperf gpgconf gpgsplit gpgtar gprof grab grabbed grace graceful gradient gradually granularity grave grayscale
  greatest gregor grep grepping groff grok groovy grossly grothoff grown grub gtoc guess guile guts hack halt handeled handoff
  handwritten happier happily hardcode harden hardlink hardwired harm harmful harmless harmonize hashmap hashseed hashtable
  hatch haxx hayden hazards heard heartbeat heavily heftig heimdal heirs helgefjell hell hemmet hence hereafter herein hereof
  hereunder herrb hesitate hexdump highlight hilo hindley historic histories hlenhoff hling homedir hongjinghao hongjiu honour
  hope hopefully hostile hotmail hotspot hppa hpux hsen hughsie humanity hummingbird hundred hungry hunk hurd hurdle hurt hwcap
  hwclock hypervisor hyphen hypot iastate icloud iconv idempotency ident identifiable identifies identities idiom idiomatic
  iface ifdef ifndef ifunc ignorable iksaif illegal illustrate ilovezfs imagine imap imitate immune implementers implementors
  importance importlib impose improper inaccurate inadvertently includedir inconsistency inconsistent inconvenient incorporate
  incremental incurred incurs indeed indefinite indemnify indemnity indep indeterminate indicator indispensable induced
  ineffective inefficient inet inexistent inexpensive inferior infile infinity inflate influence infodrom inform informaltable
  informatik ings inhibit initgroups initialise initiate initiator initramfs initrd initscript injury inode inotify inquiry
  insane insanly insecure insignificant insist insn inst installable instruct instrument insufficient integral integrators
  intellectual intensive interchange interfere interference interim interior interleaved intermittent intermixed interop
  interoperable interoperate interpolate intersect intl intltool intro introductory inttypes intuitive invalidity invasive
  invented invited involve ioactive iobuf ioctl iolock ionice iovec ipcs irovi irqtop irregular irrespective irrevocable
  irrevocably isalpha isatty isnan isolate isspace itemizedlist itstool itype jameswestby jasnell java jcristau jeetu jessie
  jhcloos josefsson joshtriplett journal journalctl journald jpeg jpegtran jquery jump junk justify keithp keybindings keyblock
  keybox keycode keygen keygrip keyid keyinfo keylen keylog keymap keypad keypress keyref keyring keyserver keysize keysym
  keytocard keytype kfreebsd kick kilobytes kitterman kitty kludge kludgily kqueue ksba laas laid lambda laposte laptop
  largefile largest largish lastlog latent latin launchd lawsuit lazr lchmod lchown ldap ldapserver ldattach ldconfig leakage
  leap lecture legalnotice legendecas legitimate lenfield lengthless lengthy letting lexicographic lieu lifted likelihood
  likewise linaro linbit linefeed lineno linkage linkend linkify linkname lintian lisp listitem literallayout literaly literary
  lithography ljharb ller loadable locale localize localstatedir localtime lockfile lockstep logcheck logfile logind logrotate
  longjmp longlong loopback loosen losetup loss lossless lscpu lseek lsirq lslocks lslogins lsof lstat ltmain luck luminance
  lutimes luxsci lvalue lysator lzip lzma mabrand mach macro macs magically magnitude mailinfo mailmap mailoo mainline maint
  maintainable maintscript makedepend makefile makeinfo makeshlib malloc manchmal mancill mandates mandb mandir mandoc mandriva
  mangle manpage marginally markdown markup masterdb mature mawk maxdepth maximal mbox mbstowcs mdoc meantime meanwhile
  measurable meet megabytes memalign membership memchr memcmp memcpy memleak memmove mempcpy memset ment menu mere mergetool
  mesg meson mess messagebus messy metacharacters metainfo metric meyering mezin mforney mhdawson microsecond microtask mimetype
  mimic mingw minilop minimalistic minix mips mipsel mirbsd misaligned misbehave misbehavior miscellaneous misconfigured
  miscounted mishandle misinterpreted mismatch misplaced misrepresented misspellings mistake mistaken misunderstood misuse
  mitigate mixture mixup mkdtemp mkfifo mkinstalldirs mknod mkstemp mkswap mmap mmarchini mmel mnemonic modalias moderate
  modernize modifiable modprobe modulo modulus mono monochrome monolith monolithic monospace monotonic moral mountinfo
  mountpoint mppmu mremap msdos msgid msync msys mtab multiarch multibyte multicast multilib multiplexed multiplied multiplier
  multiplies multithreaded museresearch musl mutex mutilate myscript myself mysterious nabijaczleweli nafter naive naked nalso
  nameclashes namei nameserver nand nano nanosleep napi nare nargs nargument narod nasty nasync navailable needless negate
  negligence nerror netbsd netdb netgroup netlink netmask netrc netsplit nettle networkd neutral nevent newest newgrp newname
  nexample niche nick nickname nimport ninstance nished nits nobject nocheck nocrew nodoc noexcept noinsttest noisy nokia
  nologin nomenclature nonempty nonexclusive nonexistent nonnull nonsense nonstandard nonzero nordhaug noreturn norm nostrip
  notably noticeable notified notify noudeb novell nowadays nowhere nowrap nuke nullptr numerous numpy nuse obey objcopy objdump
  objective oblique obliviously obscure observable obsolescent obsolete obvious occasional occupied occupies occurences ocsp
  octet offending offload offscreen offsetof ofrobots oidtranstbl okay oldoldstable oldstable olink onerror onmessage onward
  oops opcode openat openbsd opencsw opendir opengl openpgp openpgpkey openssl opensuse opentext operational opinion opportunity
  opposite optarg optimised optimistically optimum optind orderedlist ordinal organizational orig originate orignally orphan
  osmond osource osslsigncode ought outbuf outermost outfile outline outlive overhaul overlap overlay overlong overlooked
  overread overriden overrun oversight ownertrust pacify packfile padded paid pain pamphlet pango panic paragraph parallelism
  parallelize parameterlist paramref paramter paranoid paren parenthesis parity parm participate parties partnership partx
  passive passphrase passwd patchlevel patchset pathspec patience pbuilder pedantic peek peel penalties pendantic periodic
  periodically permanent perms perpetual perror persistence perspective pertain pessimistic phane phonogram phony photographic
  photography physik pickier picky pidfile pidof piecemeal pile pinentry pinning pino pinpad pipping piuparts pixbuf pixmap
  pkdecrypt pkexec pkgcheck pkgconf pkgconfig plane planner playback playground pledge pluggable plugged plumbing plural
  plymouth pobox poczta pointless polish polkit polkitd poll polluting popcount popen popping pops popup portable portably
  possessive possibilities posteo postinst postinstall postpone postrm postscript powerpc powerpcspe powertech practicable
  pragma pread preallocate preamble prebuilt precede preciese precompiled predefine predict predictor preferable preferably
  prefixlen prefs preinst preinstall prejudicial preliminary premature premise prep prepackaged preparatory preproc preprocessor
  prerelease prereqs prerequisite prerm presumably presumed pretend primordials printable printout priv privilege prlimit
  proactively proc procedure proceed processor processstderr processstdin processstdout procfs procps productnumber professional
  prog progname programmed progressive prominent promisify promisor promotional prone pronoun proportional prose prospectively
  proto protobuf protonmail prove proven prune pselect pseudo pseudocode pseudonym pthread ptrace publicity punct punycode purge
  pursuant putc pwri pwrite pybuild pyflakes pygobject pypi pyproject pytest pythonic qsort quadratic qualified qualify
  qualitybar quantifier quantities quantity quash queried questionable quic quickest quirk quot quotient racy ranctx rand randr
  raninit ranlib ranval rasterizer ratio rawmemchr rcfile rdar rdian readding readelf readily readline readlink realistic
  realistically realize realloc reallocarray reallocate realm reap rearrange reasonably reboot rebroadcast rebuilt recalculate
  receipt recieved recipe reclaimed recode recognise recognizably recompile recompute reconfigure reconstruct recreate rectangle
  rectangular recv recvmsg redefine redesign redo redraw redundancies reenable reentrancy reentrant refcount refentrytitle
  referrer referring reflog refname reformed refrain refspec refsynopsisdiv refuse regard regcomp regenerate regexec regress
  reimplemented reinitialize reinstall reinstate reintroduce reinvoked relate relax releaseinfo relevance reliance relicense
  relied relinquish relocatable relocate relro remainder remap remark remedy remember reminder remlab remnants remount removable
  renice reorg reorganize repack repair reparsing repeatable repetitive replaceable replay reportbug repr representable
  reproducibly reprotest requireid requisite rerere rerun rerunning resemble resetting reside resistant resize resolv resolvconf
  resp responsibilities responsive restablished restrictive restructure retire retroactively retval revamp reveal revents revert
  revise revs reword rework rfkill rgba rgen rhash rich rico ridiculous rightmost riscv riseup riverland rklund rlimit rmdir
  roadmap robots rocketmail roeckx roff ross roundtrip rowspan royalties royalty rpath rpcgen rpmbuild rsakey rseq rsquo rsync
  rtcwake rudimentary runtest runuser russian rustc ruyadorno rvagg rvalue safeguard safest sake sale salomon salsa samp sans
  sarge satisfied sbuild scalable scanf scanline scanner scanning scary scattered sccache scdaemon scientific score scraping
  scriptlive scriptreplay scrollback scrollbar sculpture sdist searchable searchpath seccomp secondary sector seekable seem
  seemingly segfault segregate segv seitopos selectable selective selftest selinux semantically semi sendfds sendfile sendmail
  sendmsg senseless sensibly sentence separable serialise serializable serialno serif sermon serveral serverlisten setarch
  setattr setenv setgid setgroups setitimer setjmp setlocale setmode setpriv setresuid setsid setsockopt settable setter setterm
  setuid setuptools severe sexp sfdisk sfor shader shake shard shebang shellcheck shlib shortcomings shorten shortest shortlog
  shot shrink shutting sibbling sidebar sigh siginfo signifies sigprocmask sigval silence silly simplicity simplistic simulator
  simultaneous sing singleton sits sixteen sizeof sketch skill skolelinux skynet slave slept slight sloppy slot slowdown
  smartcard smash smuggling sneak snprintf socat society sockaddr socketaddress socketdir socketpair sockname solaris sold
  somebody sometime soname sought sourceforge spam sparc speak speculative sped speedo speedup spellcheck spend spent spin spite
  splice spoken spoof sporadic spotting spreadsheet sprintf squash squeeze squelch srcdir srcset sscanf stabilize stacktrace
  stall stand standardize standpoint stanza starttls stash stateless statfs statisfied statutory statx stdarg stdbool stddef
  stdint stdlib steal stemming stepping sticky stolen stoppage strace strange strategic stray strbuf strcasecmp strcat strchrnul
  strconcat strcpy strdup streamline strength strengthen strerror stress stretch strftime stride strike strlcpy strlen strlist
  strncpy strndup strnlen stroke strtod strtok strtol strtonum strtoul strtoull struct stty stub stuck study stupid stusta
  stutis stylesheet stylistic subclass subdir subdirectories subdirectory subdivi subdomain subkey sublicenseable sublists
  submenu subnet suboptimal subpackages subpacket subprocess subproject subqueries subroutine subscript subshell subsidiary
  subst substance substitute substr substvars subsume subsystem subtests subtly subtract successive successor succinct suffer
  suffice suid sulogin summarize sumof superblock superceeded superclass superficial superfluous superior superproject supersede
  superuser supplemental supplementary suppose surname surplus surprise surrounded survive suspect suspend suspicious swapchain
  swapon swapping symbolic symboltable symcryptrun symptom synching synchronize synonym synonymous synopsys syntactic synthesize
  sysadmin syscall sysconf sysconfdir sysconfig sysctl sysfs syslimits sysopen sysroot systematically systemctl systemd sysusers
  sysutils sysvinit tabindex tagging taint taskset taught teach teardown telnet tempfile tempting tempvars tenstral tentative
  termcap terminfo termio territories terse testcase testsuite texinfo textconv textdomain texture thankful theanarkh
  thefourtheye theme thenable theoreticalchaos theory thereafter thereby therein thereof thereto thorough thought thousand
  threadpool threadsafe threw thru thykier thyrsus tick tied tienne tiff tighten tilegx till timeframe timeline timespec timeval
  tinderbox tinfo tips tiscali titlepage tium tmpbuf tmpdir tmpfile tmpvar tmux toctree today tokenize told tolerance tolower
  toml tone took toolkit toolset topic toplevel topography torn torri tort toscano toward traceback tradeoff trampoline
  transferable transitional transitive translatable translate translator transmit trapping trash trba treatment treaty trexity
  triagers trick trickery tricky trio triplet trivial troff trouble trunc trustdb truthy tsan tsconfig ttsche ttyio ttys ttytype
  tukaani tune turbolinux tweak twinsun typeahead typearg typecast typedef typename typofixes typography tzdata ubsan uchar
  uclampset udeb udevadm uevents ugly uids uint ukasz ulimit ulink ulong ultimate umask umlaut umount unaligned unaltered uname
  unanswered unary unavoidable unbalanced unbind unblock unborn unbound unbreak unbuffered unclear unclosed uncomment uncommon
  uncompress unconditional uncork uncovered undef undefine underflow understandable undesired undo undocumented undone
  unencrypted unenforceable unfair unfinished unfixed unforeseen unfortunate ungetc ungrabbed unicast unicorn unicus unifdef
  unifies uniform unify unimplemented uninitialised uninstall unintentional uniq unistd unittest unix unlink unload unlock
  unlucky unmaintained unmanaged unmatched unmerged unmodified unmount unnamed unneccessary unnecessarily unnoticed unofficial
  unpack unparsed unpatched unpipe unportable unprefixed unprivileged unquote unread unreadable unrecoverable unref unreferenced
  unregister unreleased unreliable unrequired unroll unsatisfiable unserialize unsetting unshare unspecified unstable
  unsuccessful unsure unusedvar unversioned unwanted unwind unwise unwrap unwritable unzip upcoming upload upstart urgency
  urllib uscan usec usefull userdb userdiff usleep usrmerge utime utimensat utmp utterly uuid uuidd uuidgen uvwasi vague
  valgrind validity valuator valueparam varargs vard variablelist varied varname vasprintf vcbuild vdeturckheim veillard venv
  verbum verity versionadded versus vestigial vfat vfork vfprintf vger videotron viewport vincit vipw virgin virtualenv visual
  visualize vlink volatile volny volume voluntarily voluntary voting vowels vrfy vsnprintf vulkan wainting waitpid waive wake
  warranties warrants wasi waste wchar wcsnlen wcwidth webstreams weekdays werror wget whatis whereby wherein whereis whilst
  whitecape whitelist wholly whoops widen widest windefs windres windriver winsock wipe wipefs withdraw withdrawn wmemchr woken
  woody worktree worst writeable writeup xalloc xargs xattr xauth xevie xidtype ximian xinclude xinput xorg yandex yozmos yubico
  yucom zgrep zipfile zipping zramctl`.split(/\s+/);
