import { FURTHER_FIRST_NAMES } from './further-first-names.ts';
import { MORE_FIRST_NAMES } from './more-first-names.ts';

/**
 * Given names that are common somewhere and are no ordinary word, place, product or programming language: `Grant`,
 * `Ruby` and `Jasmine` are left out on purpose.
 */
export const FIRST_NAMES: ReadonlySet<string> = new Set(
  `aaron abdullah abigail adam adrian adriana agata agnes agnieszka ahmed aileen aisha akira alan albert alberto
  alejandra alejandro aleksandr aleksandra alessandro alex alexander alexandra alexis alfred alfredo ali alice alicia
  alina alison allison alma alvin amanda amelia amelie amir amit amy ana anastasia anders andre andrea andreas andreea
  andrei andrew andrey andrzej angela angelina angelo anita anja anke ann anna anne annette annika anthony antje anton
  antonio anya archie ariana arjun arlene armando arnold arthur arturo ashley astrid audrey axel ayesha barbara
  barry bartosz beatrice beatriz becky benjamin bernadette bernard bernd bertha beth bettina betty beverly birgit
  bjorn blanca bogdan bonnie boris brandon brenda brian brianna bridget britta bruno bryan caitlin caitlyn callum camila
  camille carina carl carla carlos carmen caroline carolyn catalina catherine cathy cecilia cedric celia cesar charlene
  charles charlie charlotte cheryl chloe chris christa christina christine christoph christophe christopher cindy
  claire clara clarence claude claudia claudio clement colin colleen connie connor conor constance cornelia corinne
  cristian cristina curtis cynthia dagmar dan daniel daniela danielle danny daria darlene darren dave david deborah
  debra deepak denis denise dennis derek desmond diana diane diego dieter dietmar dimitri dimitris dirk dmitri dmitry
  dominik dominique donald donna doris dorothea dorothy douglas duncan dylan eddie edgar edith eduardo edward edwin
  eileen ekaterina elaine eleanor elena eleni elisa elisabeth elise elizabeth ella ellen elsa elvira emil emilia emilie
  emily emma emmanuel enrique eric erica erich erik erika erin ernest ernesto erwin esteban esther ethan eugene eva
  evelyn ewa fabian fabio fatima federico felicia felipe felix fernanda fernando filip fiona florian floyd francesca
  francesco francis francisco franz franziska freddie frederic frederick friedrich fritz gabriel gabriela gabrielle
  gareth gary gavin geoffrey george georgina gerald gerard gerhard gertrude gianni gilbert giovanni gisela giulia
  giuseppe gladys gloria gordon greg gregory greta grzegorz guadalupe guido guillaume guillermo gunter gustavo
  hans harald harold harriet harry harvey hassan heather hector heidi heike heinrich heinz helen helena helene helga
  helmut henrik henry herbert herman hiroshi holger horst howard hubert hugo ian ibrahim ida ignacio igor ilse imran ines
  inga inge ingrid irena irene irina isaac isabel isabella isabelle ivan jackie jaclyn jacob jacqueline jacques jaime
  jakob jakub james jamie jan jana jane janet janice janine jared jaroslav javier jean jeanette jeff jeffrey jelena
  jennie jennifer jens jeremy jerome jerry jesse jessica jesus jill jim jimmy joachim joan joanna joanne joaquin jochen
  joel johan johanna johannes john johnny jon jonas jonathan joost jorg jorge jose josef josefina joseph josephine
  joshua juan juana juanita judith judy juergen julian juliane julie julien juliet juliette julio jurgen justin justine
  kai kamil karen karin karina karl karla karolina katarina katarzyna kate katharina katherine kathleen kathryn kathy
  katie katja katrin katrine katya kayla keith kelly kenji kenneth kerstin kevin kim kirsten klara klaus konrad
  konstantin krishna kristen kristin kristina krystyna krzysztof kurt kyle lakshmi larissa larry lars laura lauren
  laurent lauri lawrence lea leah lena leon leonard leonardo leonie leroy leslie leticia liam lidia lillian linda lisa
  liz lois lorena lorenzo loretta lorraine lothar louis louise luca lucas lucia luciana lucie lucy ludwig luis luisa
  luise lukas lukasz lydia lynn maciej maggie magdalena maja malcolm malgorzata manfred manuel manuela marc marcel
  marcela marcia marcin marco marcos marcus margaret margarita margot maria mariana marianne marie marilyn marina mario
  marion marius marjorie marlene marta martha martin martina martine marvin mary mateo mateusz mathias mathieu mats
  matteo matthew matthias maureen maurice mauricio max maximilian maya megan mehmet melanie melinda melissa mercedes
  meredith michael michaela michal michel michele michelle miguel mikael mike mikhail milan mildred milena mircea
  mireille miriam mitchell mohamed mohammad mohammed moira molly mona monica monika monique morgane muhammad muriel
  mustafa nadia nadine nancy naomi natalia natalie natasha nathalie nathan nathaniel neil nelly nicholas nicola nicolas
  nicole niels nigel nikita nikolai nils nina noah nora norbert norma norman olaf oleg olga oliver olivia olivier omar
  orlando oscar oskar osman otto pablo paloma pamela paola paolo patricia patrick patrik paul paula paulina pauline
  paulo pavel pawel pedro peggy penelope pernille peter petra phil philip philipp philippe phillip phyllis pierre
  pilar piotr priscilla priya quentin rachel rafael raj rajesh ralf ralph ramon ramona randall randy raphael raquel
  raul ravi raymond rebecca regina reinhard rene renata renate rhonda ricardo richard rita robert roberta roberto
  rodney rodolfo rodrigo roger roland rolf roman ronald rosa rosalie rosemarie rosemary roxanne rudolf rupert russell
  ruth ryan sabine sabrina sally salvador salvatore samantha samir samuel sandra sanjay santiago sara sarah sascha scott
  sean sebastian serge sergei sergey sergio seth shannon sharon shawn sheila shelley sherry shirley siegfried sigrid
  silke silvia simon simona simone sofia sofie solveig sonia sonja sophia sophie stacey stacy stanislav stanley stefan
  stefanie stefano steffen stella stephan stephanie stephen steve steven stuart sunil susan susana susanne suzanne sven
  svetlana sylvia sylvie takashi tamara tania tanja tanya tara tatiana ted teresa terrence terry thea theodor theodore
  theresa therese thierry thomas tiffany tim timothy tina tobias tom tomas tomasz tommy toni tony torsten tracy travis
  trevor tristan troy tyler ulrich ulrike ursula ute uwe valentina valerie vanessa vasile vera verena vernon veronica
  veronika victor viktor viktoria vincent vincenzo viola vivian vladimir volker walter wanda warren wayne wendy werner
  wesley wilfried wilhelm willem william willie winfried wolfgang xavier yan yasmin yolanda yuki yusuf yvette yvonne
  zachary zeynep zoe zofia zoltan åsa jörg jürgen günter björn sören françois rené andré josé maría jesús sofía lucía
  martín nicolás andrés zoë chloé élise łukasz paweł michał małgorzata ángel óscar raúl iván elínborg guðrún
  aarav abebe adebayo aditya adnan agung aiko akiko akosua amara amina ananya anil aoife arash asha ayodele
  ayumi azadeh babak bashir binh bjarne bojan brigita bruna carmela chandra chiara chidi chinedu chioma
  danijela dariusz darko davide deniz dewi divya dragan eero efua eiji emeka emre enzo ermias esra farah
  farid fatih fatma femi ferenc ffion firas gaurav gergely giang goran haruto hideki hiroko hoang hussein
  huong ifeoma ilaria ingeborg istvan iulia iveta jaakko jamal jarmila jelle jorma jovana juhani kaori
  karim kavita kazimierz keiko kemal khadija khalid kiran kofi kwabena kwame laszlo layla leila lieke linh
  ljubica lorcan lubna magda mahmoud manoj mariam marija mariusz masako milos minh mirjana mohan murat
  nadezhda nasser natsuki neha ngoc ngozi nguyen nikhil nikos nirmala nkechi oksana olamide oleksandr
  oluwaseun omid ondrej padraig parisa petar phuong pooja pradeep prakash pranav quang quoc radka rahul
  rania ravindra reza rohan roisin ruslan saanvi sadia sakura salma sanjeev satoshi sergiu shanthi shilpa
  shreya siddharth sinead siobhan snezana soledad somchai soren suleiman suresh svitlana tadeusz takumi
  tamas tariq tatsuya temitope thabo thuy tiago tomoko trang tumelo uchenna usha vasily venkat vikram vinod
  vojtech wang xiaoming yael yetunde yiannis ying yoko yosef youssef yuan yuko yuto zainab zeinab zhang
  zhao zhou zheng zoya zsofia chen huang liu siobhán sinéad óscar pádraig nguyễn søren ildikó lászló zoltán
  istván éva kateřina jiří ondřej tomáš małgorzata ${MORE_FIRST_NAMES} ${FURTHER_FIRST_NAMES}`.split(/\s+/),
);
