/**
 * One of these, and it is no person: software and those who make it, forms of firms, units and roles, days and months,
 * places, and the firms of examples.
 */
export const THING_WORDS: readonly string[] =
  `ab abril academy accounting acme activemq addigy adjudication admin administration administrator adserving adventureworks
  adyen aerospace aerospike africa ag agency agentur airbus airbyte airflow airline airlines airport airways akademie akamai
  akka algolia alibaba allianz alloy alma alpine amazonas ambari ambassador america american americas amplitude amsterdam
  analyst analysts analytics annual anonymous ansible anthos anthropic antrea anyone août apac apigee apollo apotheke
  appdynamics appium apple approver approvers appsmith appveyor april aps aqua arango arangodb architect architects architecture
  archlinux arctic ariba arista arm army artemis artifactory aruba asa asana asia assistant associates association assurance
  astreinte athena athlon atlanta atlantic atlantis atlassian audi audit auditors august aurora australia austria auth authelia
  authentik author authority authors autohaus automated automation automic automotive autonomy autosys avenue aviation avril
  avro aws awx axonius ayuntamiento backend backstage baggage bahn bakeries bakery balie ballerina baltic bamboo banca banco
  bancorp bank banking banque bar barbican barcelona barman barracuda baserow bash battalion bau baumarkt bausparkasse bavaria
  baz bazel beanstalk beanstalkd bedrock belgium bereitschaftsdienst berlin bestand beverages bezirk bibliothek bigbluebutton
  bigquery bigtable billing bionic bistro bitbucket bitnami bitrise bitwarden blackbox bookworm bosch boston bot boulangerie
  boundary boutique braze brazil breweries brewery brigade bringup britain british brocade brothers brussels budapest budibase
  bugsnag building buildkite buildpacks bullseye bundesamt burp buster butchery bv bäckerei cafe café caixa calico california
  campus camunda canada canary capital capsule carbonblack care cargo cassandra catalina catalog catering ceilometer celery
  cellule centos central ceph certmanager cfengine chaos chapter charity chatgpt checkmk checkout checkov chef chemicals chicago
  chief china choir chroma chromium church cilium cinder circleci cisco citrix citus city clair clickhouse client clients clinic
  cloudflare cloudformation cloudfront cloudinit cloudtrail cloudwatch co cobbler cockroach codebuild codecov codedeploy
  codefresh codepipeline cognito cognos coherence cohesity college cologne commission committee committer commune community
  commvault companies company compliance comune concur conference confluence confluent construction consul consultant
  consultants consulting contact contacts contentful continental contoso contour contributor contributors controlm coordinator
  copenhagen copilot coredns corporation cortex cosign cosmos couchbase couchdb council county coupa cpanel credit crew crise
  crossplane crowdstrike cursor customer customers cyberark cyberdyne cypress czech dagger dagster daily dairy dallas dapr
  darktrace databricks datadog dataflow dataops dataproc debezium december default defender dell delta demo denmark dental
  department dept derby descheduler design designate designer desk deutsche deutscher deutsches deutschland developer developers
  development devsecops devspace dex dezember dgraph diciembre dienstag digital digitalocean dimanche diocese director directors
  directus discord district division django dlt docusign dolibarr donnerstag doo dotnet dragonfly dramatiq drift drone dropbox
  druckerei druid drupal drush dublin dummy dutch duty dynamodb dynatrace dyżur dzienny décembre earthly eclipse edge eks
  elasticache elasticsearch electric electronics elektro eloqua emea emissary employee employees enablement energie energy enero
  engineer engineering engineers enterprise enterprises entra envoy epyc erlang erpnext estates esxi etcd ethereum eureka europe
  european ev eventbridge eventbus everybody everyone example exasol excellence experience express fabrikam facebook falco
  family fargate farm farmacia farms fashion fastly febrero februar february federation fedora ferretería fertigung figma
  filebeat finance finances financial finanzamt finland finops firebase firebird firecracker firestore fisheries fission fitness
  flagger flannel flink floor flowable fluent fluentbit fluentd flughafen flutter flux focal followup foo foods foreman
  fortigate fortinet france francisco frankfurt fraud freebsd freight freitag friday frontend früh fulfillment fullstack
  fullstory fund funds furniture février gainsight galera gallery garage gas gasthaus gasthof gatekeeper gatling gbr gcp gearman
  gemeinde gemini geneva german germany ghost gitea gitops glacier glance globex gloo gnocchi gnome gocd golang governance
  gradle graphite graphql graylog greengrass greenplum greptimedb growth grpc grype guardduty guest guests guichet guild
  gunicorn gym hadoop hamburg handel handels handling hangfire happiness haproxy harbor hardware harness harvester hashicorp
  hasura hausverwaltung hazelcast head headquarters healthcare heap heat helpdesk helsinki heroku hewlett hibernate hive holding
  holdings holzbau honeycomb hooli horizon hospital hostel hosting hotel hotels hotjar hourly hr huawei hubble hubspot hudi huey
  hungary hydra hyperion iberia ibm icinga identity ignite ikea immobilien inbox inc incident incidents incorporated india
  indian indonesia industrial industries influx influxdb informatica informix infosec infrastructure ingest ingres initech
  inspiron instana institut insurance integration integrations intel intellij intercom intercontinental internet intune
  inventory ios iphone ipsum ireland irish ironic isilon istio it italia italian italy itanium ivanti jaeger jamf jammy januar
  january janusgraph janvier japan japanese jest jeudi jewelry jira jitsi jmeter jobscheduler joomla jour jueves juillet juin
  juli julio july june juni junio junior juniper jupyter k3s k6 kandji kaniko kanzlei karmada karpenter kassa katello kde keda
  kentico kepler keptn kerberos kettle keycloak keystone kft kg kibana kinesis kingdom kirche kk klarna klinik knative kogito
  kong konnect koordinator korea kotlin krakend krankenhaus kreis kserve ktor kube kubearmor kubecost kubectl kubeedge kubeflow
  kubelet kubescape kubespray kubevela kubevirt kudo kuma kustomize kustomizer kyverno laboratories labs lander landesbank
  landkreis landscape laravel latam latitude launchdarkly laundry lead leader leads leben legal legion leitstand lenovo liberty
  library libvirt liferay lighthouse lightstep lima limited linear linkedin linkerd liquibase lisbon litmus litware llama llp
  logistics logistik logstash loki london longhorn looker lorem lp lucene lufthansa lundi lunes luxembourg macbook machinery
  macie macos madrid magento magnum mai mailbox mailchimp mailgun maintainer maintainers mairie management manager managerin
  managers manila manticore march mardi mariadb marine maritime marketing marketo marketplace marklogic mars martes marzo
  maschinenbau massive masters matrix mattermost maven maxscale maxwell mayo mbh media medical mediterranean meeting meilisearch
  meldkamer member members memcached memgraph memorystore meraki mercedes mercredi meshery mesos messaging meta metabase metallb
  metallbau metals metasploit metzgerei mexico micronaut microservice middleware migration migrations mikrotik milan milano
  mills milvus mimecast mimir minerals minikube mining minio minishift ministerium ministry mistral mittwoch mixpanel miércoles
  mlflow mlops mobile monday monetdb mongo mongodb montag monterey monthly montreal moodle moscow mosque motors mozilla mulesoft
  mumbai munich municipio museum mysql märz möbel münchen n/a nagios nats neo4j neptune nessus netapp netbackup netezza netflix
  netherlands netlify netscaler netskope netsuite netty networking networks neutron newrelic nextcloud nexus nginx nifi nightly
  nil nobody nocny nocodb nodejs nomad none noord nord nordic nordics northwind norway notary notifications notion nova november
  novembre noviembre nsq nsx nuclio null nutanix nv nvidia oauth observability oceanbase octavia october octobre octopus octubre
  odoo offboarding office officer ohg oil okta okteto oktober ollama on-call onboarding oncall onedrive openai openebs openfaas
  openfeature openfga openkruise openldap opensearch openshift openstack opentelemetry openvpn openwrt opera operations
  operativa operator operators opnsense opsgenie opteron optics optimization optimizely optiplex oracle orchestra oregon orleans
  ory oslo ossec ost outbox outlook ovirt owncloud owner owners oy pacific packaging packard packer pagerduty palo panadería
  pandas parallels parca pardot paris parish park parsec partner partners party patroni payments paypal payroll pentaho pentium
  people peoplesoft perception percona perl person persons petroleum pfarramt pfsense pgbackrest pgbouncer pharma
  pharmaceuticals pharmacie pharmacy philippines phoenix php pikett pinecone pingdom pinot pipecd pipeline piraeus pixel pixie
  placeholder plasma plastics platform platforms platoon playwright plaza plesk podman poland porsche portainer portal portals
  portfolio portugal portworx postfix postman power powercenter poweredge powershell powerstore prague pravega praxis prefect
  president prestashop presto preview principal printing prism prismic procurement prod product production products program
  project projects proliant proofpoint properties proton province proxmox proxysql pte pty pubsub pulsar pulumi puma puppet
  purchasing purview pyroscope pytorch qa qdrant qemu qlik quality qualys quarkus quarterly quartz quay questdb rabbit rabbitmq
  raiffeisen raiffeisenbank rails railways rancher rapid raspberry raspbian razor react readings realty recruiting recruitment
  redhat redpanda redshift refunds regiment region reisen rekognition release releases reliability reparto republic república
  research researcher resort resque restaurant retail retool returns reviewer reviewers rewards risk road robot rocketchat
  rocketmq rocky rollbar romania rome rook room rooms rota rotation rubrik ruby rudder rufbereitschaft rundeck rush russia rust
  ryzen sa safari sagemaker sahara sailpoint sala sales salesforce salon saltstack samba samedi sample samstag samsung sandbox
  sanity sap sarl sas satellite saturday saucelabs savings scandinavian schichtleitung school schule schweiz scientist scotland
  screwdriver scylla seafile seattle secops security segment seldon selenium semaphore semiconductor sendgrid senior sensu
  sentinel sentinelone sentry seoul september septembre septiembre serverless servicedesk servicenow shanghai sharepoint sheriff
  shift shipping shopify shopware sidekiq siemens signoz sigstore simpana singapore singlestore sitecore skaffold slack snort
  snowflake snyk software solace solarwinds solr solutions someone sonar sonarqube sonatype sonicwall sonntag sonoma sons sony
  sophos soylent spa spacewalk spain spanish spanner sparkasse specialist specialists spedition sphinx spiffe spinnaker spire
  spital splunk splunkbase sponsor spotfire spotify springboot spät sqlite squad squads square squarespace squid sre srl sro
  stackdriver stackstorm stadtwerke staging stakeholder stakeholders states station statuspage steuerberatung stiftung stockholm
  stolon storefront storyblok storybook strapi strategy street strimzi stripe studios stuttgart submariner subscriber
  subscribers subscriptions success successfactors suite sumo sunday supabase supermarket superset supervisor supplier suppliers
  support suricata suse svelte swagger swarm sweden swift swiss switzerland sybase sydney syft symfony synagogue synapse
  synology sysdig systems sábado süd tableau tailscale tailspin talend talos tanzu tba tbd tdengine team teamcity teams
  teamviewer tech technician technologies technology tekton telecom telecommunications telegraf telekom teleport telepresence
  temple tempo temporal tenable tenant tenants tensorflow teradata terminal terragrunt terrascan test tester testers tetragon
  texas textiles textract thanos theater theatre thinkpad thunderbird thursday tibco tidal tidb tigergraph tilt timescale
  timescaledb tinkerbell tivoli todo tokyo tomcat tooling tooljet toronto tower town toyota traders trading traefik
  transatlantic trellix trello tremor tribe trino triton trivy trixie trove trust tuesday turkey twilio twitter tyk typescript
  typesense typo typo3 ubiquiti ubuntu ug uitgifte ukraine umbraco umbrella unassigned undefined unifi union unit universidad
  university universität université unknown user users utility uyuni vagrant vakt varnish vault vaultwarden vcenter veeam velero
  vendor vendors vendredi ventanilla ventura ventures verband vercel verein veritas verizon verlag versicherung versicherungen
  vert vertica vertriebs vespa victoriametrics vienna viernes virginia virtualbox vitess vmware vodafone volcano volksbank
  volkswagen vrealize vscode vsphere vue wal warehouse warsaw warteschleife washington wasmcloud wasmedge wavefront wayland
  wazuh weave weaviate web webex webkit weblogic webpack webrtc websphere wednesday weekly werf werkstatt wholesale wien winery
  wingtip wireguard wireless wiremock wireshark wonka woocommerce woodgrove woodpecker wordpress workday workspace xcode xcpng
  xen xenial xenserver xeon yarn yearly york youtube yugabyte zabbix zapier zeebe zeek zendesk zephyr zerto zincsearch zipkin
  zitadel zone zookeeper zoom zrt zscaler zuid zun zurich zuul zürich única`.split(/\s+/);

/** Of teams and departments in German, French, Spanish, Italian, Portuguese, Dutch, Polish and others. */
export const FOREIGN_THING_WORDS: readonly string[] =
  `aankoop abteilung abteilungen acceso acquisti administración administratie afdeling agence alimentation alle allgemeine
  almacenamiento almacén amministrazione anfrage anfragen anlage antrag anwendung análisis aplicaciones aplicación aplicações
  application appui armazenamento armazém asiakaspalvelu assistance assistenza atelier atención atendimento auftrag auftrags
  auslieferung avdeling avdelning azienda base bases baza bearbeitung bedrijf beheer bereich bereitschaft bestellung
  bestellungen betalingen betrieb betriebs beveiliging bezpieczeństwo bilgi biuro boekhouding bolag buchhaltung bureau caisse
  caja calidad cassa centrale centre centro chargé chaîne clientes clienti clientèle commerciale compras comptabilité comptes
  comunicaciones conformité conseil contabilidad contabilità contas control controllo contrôle csapat cuenta cuentas
  cumplimiento dados danych datenbank datenbanken datenschutz dati datos demande departamento desarrollo desenvolvimento destek
  dezvoltare dienst dienste diensten dirección direction direzione distribución ditta données dostawa dział développement echipa
  einkauf ekibi ekip ekonomi empresa engenharia entrega entreprise entwickler entwicklung environnement equipa equipe equipo
  equipos ersatz esercizio estoque euer exploitation facturación facturation faktury fatturazione faturamento fehler fejlesztés
  financeiro finanzas firma fornitore forschung fournisseur freigabe gegevens geliştirme general gerencia geschäftsführung
  gestion gestione gestión gestão gobierno groep groupe grupa grupo gruppe gruppo guardia général générale güvenlik humanos ihr
  impianti incidencias informatique informática infraestructura infraestrutura infrastruktura infrastruttura ingegneria
  ingeniería ingénierie inkoop innendienst inventario investigación jefe jurídico kasse klanten klantenservice klienta klientów
  konzern księgowość kunden kundenbetreuung kundendienst kundenservice kundeservice kundtjänst lager leiter leitung leverancier
  leverans levering lieferant lieferung livraison logistica logistique logística loja lön magasin magazijn magazyn magazzino
  maintenance mannschaft mantenimiento manutenzione mesa monitoramento monitoreo myynti müdürlüğü netwerk netz netze netzwerk
  neue neuer nossa nosso nostro notre nouveau nouvelle nube nuestro nueva nuevo nutzer nät nätverk obsługa oddelení odjel
  oficina ondersteuning ons ontwikkeling onze operaciones opslag ordini osztály pagamenti pagamentos pago pagos paiement
  paiements palvelu pedido pedidos personal personalabteilung piattaforma planung plataforma plataformas plateforme plattform
  ploeg podpora podrška pomoc prodaja prodej prodotti prodotto producción productie producto productos produit produkcja
  produktion produto produtos produzione produção progetto programa projekt projet projeto projetos proveedor proveedores provoz
  proyecto proyectos prozess pôle płatności qualidade qualità qualität qualité razvoj rechenzentrum recherche rechnung
  rechnungen rechnungswesen rechtsabteilung recursos red rede redes ressources rete reti ricerca riesgo riesgos risorse rozwój
  réseau réseaux salg satış schicht schulung segurança seguridad serveur serveurs service services servicio servicios servidor
  servidores serviço serviços sicherheit sicurezza sieć sikkerhed sikkerhet sistema sistemas sistemi site sklep société soporte
  soutien speicher sprzedaż squadra stadt stelle stockage stöd störung succès sucursal suport suporte sviluppo systeem system
  systeme système systèmes säkerhet sécurité talous techniczna technik technique technisch technische technischer tecnico teknik
  tienda tim toute toutes travaux tuki turno técnica técnico tým ufficio umgebung unser unternehmen utrzymanie utveckling
  utvikling vendas vendite venta ventas vente ventes verkauf verkoop vertrag vertrieb verwaltung verzekering votre vânzări vývoj
  wartung werk winkel wsparcie yazılım ylläpito zahlung zahlungen zahlungsverkehr zentrale zentraler zentrales zespół zugang zum
  zur zákaznická área équipe équipes økonomi ügyfélszolgálat şirketi`.split(/\s+/);
