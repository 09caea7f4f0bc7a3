/**
 * Words of English as documents about software and the names of teams use them, without the endings that `unknown.ts` takes
 * off. Some are surnames as well: only a name of nothing else is none.
 */
export const ORDINARY_WORDS: readonly string[] =
  `abc able abort about above abruptly absent absolute abstract abuse acacia accept acceptable access accessor accidentally
  accordance according account accumulate accuracy accurate achieve acorn acquired acquisition acrobat across act activate
  activation active actor actual adapt add additional additive addon address adhere adjust adopt advanced advantage advisory
  affect affiliate affinity aforementioned after afterwards again against age agenda agent aggregate aggregator aggressive agree
  agreement ahead aide aims air aka alder alert algorithm algorithmic alias align alive all alleging allocate allocation allow
  almond almost alone along alongside alpha alphabet alphanumeric already also alt alternate alternative although altogether
  always amber ambigious ambiguity ambiguous amethyst among amount amp analysis analyzed ancestor anchor ancillary and angle
  another ansi answer antelope anticipate any anymore anything anyway anywhere apache apart api app appeals appear append
  appendix applicable applied applies approach appropriate approximate apricot apron arbitrary archer archive are arg argparse
  argument argv arise arithmetics around arr array arrived arrives arrow art article artifact artist artistic ascending ascii
  ask asm aspen assert asset assign associate assume assurances ast astral astronaut async asynchronous athlete atlas atob
  attach attack attempt attic attribute attribution auction augmented authenticate authentication authenticity authorization
  auto autocomplete autoload automatic automatically autostart autumn availability available avenger average avg avoid await
  award aware away awesome axe axle babel back background backlog backoff backpressure backslash backtick backup backward bad
  badge bag bail bait balance ball ban banana bandit banner bare barn baron barrel baseline basename basic basically basin basis
  basket bat batch bay beacon beam bean bear beast became because become bee beech been beep beetle before beforehand beggar
  begin beginning behalf behave behavior behaviour behind being believe bell belongs below belt bench benchmark benefit berry
  besides best beta better between beyond bicycle big bigger bigint bike bill bin binaries binary bind birch bird bishop bison
  bit black blade blank blanket blend blink blob block blockchain blog blossom blow blue bluebird board bob bodies body bold
  bolt bone book bool boolean boost boot bootstrap border born boss both bottle bottleneck bottom boulder bounce bound
  boundaries bow bowl box brace bracket brainpool brake branch brand brass brave breach bread break breeze brevity brick bridge
  bright broad broadcast broke broken brokerage bronze brown browser brush bubble bucket buckle budget buf buff buffalo bug
  bugfixes build built builtin bulb bulk bullet bully bump bundle bunker burst bus business busy but butcher butter butterfly
  button buy bypass byte bytecode cabin cable cache cactus cake calculate calendar call callable callback callee callsite calm
  came camel camera campaign can canal cancel candidate candle cannon cannot canoe canvas canyon cap capabilities capacity cape
  captain capture car carbon card cardinal careful caret carp carpenter carried carries carrot carry cart carton cascade case
  cash cast castle cat catastrophic catch categories category cause cave caveat cease cedar cell cellar center cert certain
  certificate certified chain chainable chair chalk challenge chamber champion chance change changelog channel char character
  characteristic charcoal charge chargeback charset chat cheap check checksums cheers cheese cheetah chemist cherry chess
  chestnut child children chili chimney chin chisel choice choose chosen chrome chunk cigar cipher ciphertext circular
  circumstances claim clamp clarify class classic classified clay clean cleanup clear cleartext clerk cli clickable cliff cloak
  clock clone close closest closure cloth cloud clover clown cluster coach coast cobalt cobra coconut code codebase codec
  codegen coerce coercion cofactor coffee coin col cold collaborative collaborator collapsed collect collections collective
  collector collide colon color column comb combine come comet comfortable comma command comment commerce commercial commit
  common commonjs communicates compact companion comparable comparator compare comparison compass compat compile complain
  complete complex complexity compliant complied complies comply component compose compost compound comprehensive compress
  compute con concatenate concept concerns concierge conclusion concrete concurrency concurrent conditional conditions condor
  conduct conductor confidence confidential config configurable configure confirm conflict conform confused confusing connect
  connector conqueror consecutive consequence consequential conservative consider consist consistency consistent console const
  constant constitutes constraint construct constructor consume contain content context continue continuous contract contrast
  contribute contributory controller convenience convenient conversion convert cook cookie cool coordinate coordination copied
  copies copper copperhead copy copyright coral core corepack cork corner correct correspond cosmetic cost cottage cotton couch
  could councillor count counterclaim country couple coupon course cover coverage coveralls covert cowboy coyote cpu crab cradle
  crane crash crate crawl crayon cream create creative creator credential creek crib cricket crisis crisp criteria cron crop
  cross crow crown crusader crust crypto cryptographic cryptography crystal cube cup curator curb curl curly currency current
  curtain curve cushion custom customize cut cute cyan cyber cycle daisy dam damages damp dancer dangling dark dash dashboard
  data database dataset date datetime dawn day daylight dead deadline deadlocks deal dear debt debug debugger debugging decide
  decimal decision decl declare decline decode decommission decompress decorators decoupled decrease decrypt deduplicate deemed
  deep deer defer deferred deferring define definitive deflate delay delegate delete deliberate delimit deliver delivery demand
  demon denied dense dentist dep depend dependabot dependencies dependency dependents deployment deposit deprecate depth
  derivatives derive describe description descriptive descriptor desert desired desktop despite dest destroy detached detail
  detect detective determine deterministic dev develop device devtools dgram diagnostics dial dialect diamond dice dictionary
  did diff difference different difficult dig digit dim dir direct directive directories directory dirname disable disagree
  disallow disambiguate disaster discard disclaimer disclosure disconnect discount discover discovery discuss discussion dish
  disk dispatch display dispose dispute dist distinct distinguish distribute ditch div diverge dnlup doc dock doctor document
  does dog doing doll dolphin domain dome don done door dormant dos dot dotfiles double doubt dough dove down download
  downsampled downside downstream downtime draft dragon drain drawer dream dress drill drink drive drop drum dry duck due duke
  dull dump dune duplex duplicate during dust dwarf dye dynamic dynamically e-commerce each eagerly eagle earlier early earth
  ease easier easiest easily east easy eat ecdsa echo economics ecosystem eddsa edit edition editor editorial education effect
  effective efficient effort egg egress eight either elastic elbow elem element elevator elf eligibility eliminate elk elliptic
  elm else elsewhere email embed embedded embedding ember emerald emergency emit emitting emoji emperor empty emulator enable
  enc enclosed encode encountered encounters encourage encrypt encryption end endpoint enemy enforce engine enhance enough
  enqueue enrollment ensure ent entire entities entity entries entropy entry enum enumerable env envelope epic epoch equal
  equity equivalent err error escalation escape escrow eslint esm especially essential establish estimation etag etc etl eval
  evaluate even event eventually ever every everywhere eviction evidence evolve exact exceed excellent except exception excess
  excessive exchange exclude exclusive exec executable execute executive exemplary exist existence exit expand expect expenses
  expensive experiment experimental experimentation expert explained explicit explorer expo exponent exponential export expose
  expr expressive ext extend extensive extent external extglob extra extract extremely eye fabric face facilities fact factor
  factory fail failover failure faint fair fairy faith fake falcon fall fallback fallthrough false falsy familiar families fan
  fang far farmer fast fastest fatal fault favor favorite favour feather feature federated fee feedback feel fence fern fetch
  few fiber fiddle fidelity field fierce fifo fifth fig fighter figure file filename filepath filesystem fill filter final
  finalize finch find fine fingerprint finish finite fire firm firmware first fish fisherman fit five fix fixture fjord flag
  flaky flame flamingo flash flask flat flatten flavour fleece fleet flight flint float flour flow fluid flush flute fly foam
  focus foe fog foil folder folds follow font foobar food footer footprint for forbidden force forcefully forecast foreground
  forest forever forfeit forge forget fork form formal format formatter formerly formula forum forward found fountain four
  fourth fox fragile fragment frame framework fraudulent free frequency frequently fresh friendly friends frog from front frost
  frosty frozen fudge full fullwidth fully func functional fundamental funded funnel fur furnished further fuse fusion future
  fuzzed fuzzing galaxy gale game gap garbage garden garlic gate gateway gazelle gear gecko gem generate generator generic genie
  genius gentle geography get getter getting giant gift ginger giraffe git github gitignore give given gladiator glass glob
  global globbing globe glove glow glue gmail goal goat goblin goddess goes goggles going gold golden good google goose gorilla
  got governed gown grabbing gracefully gradients grain grammar grand granite grant granular grape graph graphics grass grateful
  gratis gravel gravy gray great greedy green greeting grey grid grill grim grip ground group grove grow guarantee guard
  guardian guessing guidance guide guidelines gull gum gunzip gypsy gzip hacker had hail hairpin half hall halo ham hammer
  hammock hamster hand handbook handful handle handshake handy hang happen happy hard hardening hare harp harsh harvest has hash
  hat have hawk hay hazel header health healthy heart heavy hedge height held hello helmet help helpful hen herb here hereby
  hermit hero heron heuristic hex hexadecimal hidden hide hierarchies hierarchy high highest highlights hill hinge hint hippo
  hiring his histogram history hit hitting hmac hobbit hoist hold hole holiday hollow home homepage homogeneous honey honor
  honoured hood hoof hook hop horde horizontal horn hornet horse hose host hostname hot hour house housekeeping hover how
  however href hub huge human humanoid humble humid hundreds hunter hurricane husk hybrid hyena hygiene hyper hyperlink ice icon
  icy idea ideal idempotent identified identifier identify idle ids igloo ignore iguana image img immediate immutable impact
  impl implicit implied implies imply import important improve inaccuracies inactive inappropriate inbound incidental include
  inclusive incoming incomplete inconsistencies incorrect increase incrementally indent independent index indicate indices
  indigo indirect individual infer inference inferred infinite influences info informatics informational informative infringe
  ingestion ingress inherent inherit inheritance init initdb initial initialize initializers initiative inject ink inline inner
  innovation input insensitive insert inside insight inspect inspection inspector inspired install instance instanceof instant
  instantiate instead institute instructs instrumented int intact intake integer integrate integrity intelligence intend intent
  intentional interact interactive intercept interceptor interchangeable interest interface intermediate intern internal
  international interpret interrupt interval into intrinsic introduce introduction invalid invalidate invariant inventor inverse
  invert investigate invoicing invoke involved involves iojs ipaddress iris iron irrelevant isaacs island isn issue italic item
  iter iterable iterate iterator its itself ivory ivy jackal jacket jade jaguar jam jar javascript jaw jelly jet jewel jigsaw
  job join joint journey json jsonc jsonpath juanarbol judge jug juggler juice jumbo jumped jungle junit just kangaroo keen keep
  keepalive kept kernel key keyboard keyword kill kind king kiosk kit kitchen kite kiwi knee knife knight knob knot know
  knowledge known koala label lace lack ladder lady lagoon lake lakehouse lamp land lane lang language lantern large lark laser
  lasso last latch late latency latest latter launch lava lavender law lawn lawyer layer layout lazily lazy lcov leaf leak lean
  learn leasing least leather leave ledger left leftover legacy legend lemming lemon len lending length lenient leopard less let
  letter level lever leverage lexer lez liable librarian licence licensable license licensee lid lies life lifecycle lifetime
  light lightning lightweight like lily limb lime limit line linen link lint linux lion lip liquid list listen literal little
  live lizard load loan lobster loc local localhost localization locate location lock locket lockfiles log logged logger logging
  logic login logo lone long longest look lookahead lookup loop loose lord lose losslessly lost lot lotus loud love low
  lowercase lowest loyal loyalty lucky lumber lunar lunch lynx machine made magenta magic magician magnet magnolia mail mailto
  main maintain major majority make malformed malicious mallet mammoth man manage mandatory mane mango manifest manipulate
  manner manual manufacturer many map maple mapper mapping marble margin mark market marsh marshal mask mason massively mast mat
  match material math matter mattress maximize maximum maxmem may maybe maze mcollina meadow meal mean meaningful meaningless
  meant measure meat mechanic mechanism medium meerkat meets mega mellow melon memo memory mentioned merchandising merchant
  mercury merely merge mermaid mesh message met metadata metal method metrics micro microsoft middle might mighty migrate mild
  mill million millisecond mime min mind mini minified minimal minimatch minimize minimum minor minstrel mint minus minute
  mirror misc miss mission misty mitigation mitten mix mixin mkdir mktemp moat mobility mock mod mode model moderation modern
  modest modified modifier modifies modify modular module mole moment monetization money mongoose monitor monk monkey monster
  montgomery month moon moonlight moose mop more morning mortgage mosquito moss most moth motion mound mount mountain mouse move
  movie mtime much mud muddy muffin mug mule multi multidimensional multiline multipart multiple multiplicative multiply
  multitude muscle mushroom music musician must mustang mustard mutable mutate mutual mystic nail name namespace nanosecond
  napkin narrow narwhal national native natural nature navigate navigation navigator near nearest neat nebula necessarily
  necessary neck need needle negative negotiate neither neon nest net network never nevertheless new newline next nice nickel
  night nine ninja noble node noise non nonce noodle noop nor normal normalization normalize north nose not notable note
  notebook nothing notice notifies now nugget nullable nullish num number numeric nut nutmeg oak oar oasis oat obeys obj object
  observe obtain occur occurred occurrence occurring ocean octal off official offline offset often old oldest olive omega omit
  omitting once one ongoing onion online only onto onyx opacity opal opaque open operand operate opposed opt optimal optimize
  option optional orange orbit orca orchestration orchid order ordinary org organic origin original originates ostrich other
  otherwise otter our ourselves out outage outbound outcome outgoing outlaw outlined output outside outweigh oven over overall
  overcome overflow overhead overkill overload overridden override overview overwrite overwritten owl own ownership oyster pack
  package packet pad padding paddle page pail paint pair paladin pale palette palm pan pancake panda panel panther pantry paper
  para parachute paragraphs parallel param parameter parens parent parentheses parrot parsable parse part partial participants
  particular partition partnerships pass passenger passport passthrough password past pasta paste pastry patch patent path
  pathname patriot pattern pause pay payload payout pea peach peacock peak peanut pear pearl peasant pebble pedal peer peg
  pelican pen penalty pencil pending penguin pepper per percent percentage percentile perf perfect perform performance
  performant perhaps perimeter period permissions permissive permit persist persistent personalization petal phantom phase phone
  photo phrase physical pick pickle picture pid pie piece pier pig pigeon pilgrim pill pillow pilot pin pine ping pink pipe
  pipelines pirate pistol pit pitch pizza place plain plaintext plan planet plank planning plant plaster plate play please
  plenty plug plugin plum plus pocket pod poet point polar pole policies policy polite polyfill pond pong pony pool poor poppy
  popular populate port pos positional positive posix possibly post postgres postgresql postmortem pot potato potential pottery
  pouch pow powder powerful practice prairie pre preceded precedence preceding precise precompute predefined predicate
  predictable prefer preference preferred prefix preload premium prepare prepend prereleases presence present preserve preset
  press pressure prettier pretty prev prevent previous price primarily primary prime primitive prince princess principle print
  printf prior priorities prioritize priority prisoner privacy private privileged pro probably probe problem problematic
  procedures process processors produce profile profit programmatic programmatically programmer progress prohibit projective
  promise promo promote promotions prompt pronounced proof prop propagate propeller property prophet proposal propose
  proprietary prosperity protect protection protocol prototype proud provenance provide provisioning proxied proxies proxy
  pruning pseudorandom pubkey public publish pudding puffin pull pulley pulse pump pumpkin pure purple purpose purse push put
  putting puzzle python quail qualifier quantifiers quantum queen queries query quest queue quick quiet quilt quit quite quiver
  quota quote raccoon race rack radar radio radish radix raft rag rail rain rainbow raise raisin rake ram ramp ran random range
  ranking rare rascal rate rather rationale raven raw reach reachable read readable readdir readiness readme readonly ready real
  realpath reason reasonable rebalance rebase rebel rebuild recast receive recent recheck recipient recognised recognize
  recommend recommendation reconciliation reconnect reconsider record recover recoverable recovery recruit recurse recursive
  redact redirect redis redistribute reduce redundancy redundant reed reef reel ref refactor reference referral referred refine
  reflect reformat refresh regarding regardless regards regex regexp regional register registration registries registry regular
  regulatory reject rel relations relationship relative relay relevant reliable reliably relies reload rely remain remapping
  remediation remote removal remove rename renamings render renewals rental reopen reorder repeat repl replace replayed
  replicate replication replies reply repo report repositories repository represent representative reproduce req request require
  res rescue reserve reset resident resilience resilient resistance resolve resource respect respective respond responders
  response rest restart restore restrict result resume ret retain retention retried retries retrieval retrieve retry return
  reusable reuse revealed revenue reverse review revoke reward rewind rewrite rewritten rewrote rhino rib ribbon rice richardlau
  rid ride ridge rifle right rim rind rinfo ring rise risky river robin robust rocket rogue role roll rollback rollout rollup
  roof root rope rose rotate rough round route routine row royal rtensson rubber rug rule run runnable runner running runtime
  rusty saddle safe safety saffron sage sail sailor salmon salt same samurai sand sane sanitize sapphire satisfies satisfy sauce
  save saw say scalar scale scan scarf scenario schedule schema scheme scholar science scissors scooter scope scoring scorpion
  scout scratch screen screenshot screw script scroll scrypt sculptor sea seal seamlessly search season seat second secret
  section secure see seed seek seems seen segmentation select selectively selector self sell semantic semicolon semver senator
  send sense sensitive sensor sent separate separator sequence sequential sequoia serial serialize series serious servant serve
  servername set setters setting settle settlement setup seven several severity shack shadow shaft shall shallow shaman shape
  share shareable shark sharp shed sheep sheet shelf shell shelter shepherd shield shim shiny ship shirt shoe shop shore short
  shortcut shorthand should shovel show shown shrimp shrine shuffle shut shutdown shuttle shy sibling sickle side sieve sig sign
  signal signature significant signup silent silk silver similar simple simplest simplified simplifies simplify simply simulate
  since sincerely singer single singular sink sister six size skate skeleton ski skip skipping skirt skull sky slash slayer sled
  sleek sleep sleeve slice slide slightly slim sling slipper sloth slots slow small smallest smart smile smoke smooth snail
  snake snapshot snippet snow soap social sock socket sofa soft soil solar soldier sole solid solo solve some somehow something
  sometimes somewhat somewhere soon sorcerer sorry sort sound soup sour source sourcemap south space spade span spanning spare
  spark sparrow sparse spawn speaking spear spec special specific specifically specified specifier specifies specify speed spell
  spends spice spider spike spindle spine spirit split splitting spoke sponge sponsorship spool spoon sport spot spout spray
  spread spring spruce spur spurious spy squire squirrel stability stable stack staff stage stair stake stale stalk stalls stamp
  standalone standard standby stands staple star starlight starling start startup stat state stateful static statically
  statistics statue status stay stderr stdin stdio stdout steady steam steel steep stem step steward stick stiff still stirrup
  stitch stock stone stool stop stopping storage store stork storm stormy story stove straight straightforward stranger
  strategies straw stream streamlined strict strikethrough string stringified stringify strip stripping strong structural
  structure student studio stuff stump sturdy style sub subclasses subcommand subject sublicense submission submit submodule
  subpath subscribe subscription subsequent subset substantial substring subtle subtree subtype succeed successful such sudo
  sufficient suffix sugar suggest suit suitable sum summaries summary summed summer summit sun sundial sunrise sunset sunshine
  sup supplied supplies supply supposed suppress sure surface surge surgeon surrogate surveillance survivor sustaining swallow
  swamp swan swap sweater sweet swing switch sword sxa symbol symlink symmetric sync synchronous synopsis syntactically syntax
  synthetic syrup sys syslog tab table tag tagged tail tailor take taken takeover talk tall tame tampering tango tank tap tape
  tar tarball target targos task tassel tax taxonomy tbody tea teacher teal telemetry telephony tell temp template temporarily
  temporary ten tend tent term terminate terminator ternary text textual than thank that the thead their them themselves then
  there therefore these they thick thief thimble thin thing think third thirty this thistle thorn thoroughly those though
  thousands thread threat three threshold throne throttle through throughout throughput throw thrown thumb thumbnail thunder
  thus ticket tide tidy tie tiger tight tilde tile timber time timeout timestamp timezone tin tiny tire titan titanium title
  toast toc toe together toggle token tokenizer tolerant tolerate tomato ton tongue too tool toolchain tooltip tooth top topaz
  topology torch total toucan touch towards towel toy trace traceability track tractor trade trademark tradename traditional
  traffic trail train transfer transferred transform transient transit translation transparency transparent transpile transport
  trap travel traversal traverse tray treasure treasury treat tree trench trend triage trial tried tries trigger trim trimmed
  trimming trip triple tripod trivikr troll trolley trombone trophy trout true truecolor truly trumpet truncate trunk trusted
  truth try tub tube tulip tundra tunnel tuple turbo turn turnip turquoise turtle tutorial twice twin two type typeof tyrant udp
  ultra unable unacceptable unambiguous unavailable unbounded uncaught unchanged undeclared under underline underscore
  understand understood underwriting undesirable undici unescape unfortunately unhandled unhashed unicode unified unintended
  unique united universal unless unlike unlimited unnecessary unneeded unordered unparsable unpredictable unquoted unreachable
  unrecognised unresolved unrolling unsafe unset unsigned until untouched unusable unused unusual update upgrade uploader
  uploads upon upper uppercase upstream uptime upwards urban urgent uri url urn usability usable usage use used useful useless
  userinfo userland username userspace using usual util utilities utilization utilize vacation vagabond val valid validate
  validation validator valign valley valuable value valve vampire vanilla var variable variadic variance variant varies variety
  various vary vase vast vector vehicle vein velocity velvet vely venture verb verbatim verbose verbosity verification verified
  verifies verify versa versioning very vest via vice victory video view viking village villain vine vintage violate violet
  violin viper virtual visa visibility vision visit visitor visor visualization vital vivid voice void volt volunteers voucher
  voyage vulnerabilities vulnerability vulnerable vulture wagon waist wait waitlist walk wall wallet walnut walrus wand want war
  warden warlock warm warmup warn warranty warrior was wasm wasp wasteful watch watchdog watchman water waterfall wave wax way
  weak weasel weather webcrypto website websocket wedge week weight weird welcome well went were west wet whale what whatever
  whatsoever wheat wheel when whenever where whereas wherever whether which whichever while whip whisperer whistle white
  whitespace who whole whom whose why wick wide widespread widget width wig wiki wild wildcard will willow wind windmill window
  wine wing wins winter wire wisdom wise wish witch with within without wizard wolf wombat won wonder wonderful wood wool word
  work workaround workflow workforce workload workplace workshop world worldwide worm worry worse worth would wrap wrapper
  wrapping wreath wrench wrestler wrist writable write writev written wrong wrote xyz yahoo yak yaml yard year yellow yes yet
  yield yoke yolk you your yourself zebra zero zeroizing zesty zip zipper zlib zombie`.split(/\s+/);
