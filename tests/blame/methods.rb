# Writes known pages at known lines: an area's name is the round, the method and the line that write all of it, as
# "round|method|file:line". Areas are memory of its own, or of the array or string that is written.

require "fiddle"

PAGES = 64
PAGE = 4096
SELF = File.basename(__FILE__)
SOURCE = File.readlines(__FILE__, chomp: true)
LIBC = Fiddle.dlopen(nil)
LONG = Fiddle::TYPE_LONG
MMAP = Fiddle::Function.new(LIBC["mmap"], [LONG] * 6, LONG)
MADVISE = Fiddle::Function.new(LIBC["madvise"], [LONG, LONG, Fiddle::TYPE_INT], Fiddle::TYPE_INT)
MEMSET = Fiddle::Function.new(LIBC["memset"], [LONG, Fiddle::TYPE_INT, LONG], LONG)
NO_HUGE_PAGES = 15
NOT_NEEDED = 4
AREAS = {}

# The line is that with the mark.
def area(number, method, mark, start)
  line = SOURCE.index { |text| text.end_with?("# " + mark) } + 1
  AREAS["#{number}|#{method}|#{SELF}:#{line}"] = start
end

# Pages that nobody touched yet.
def fresh(number, method, mark)
  start = MMAP.call(0, PAGES * PAGE, 3, 0x22, -1, 0)
  MADVISE.call(start, PAGES * PAGE, NO_HUGE_PAGES)
  area(number, method, mark, start)
  Fiddle::Pointer.new(start, PAGES * PAGE)
end

# An array's elements, or a string's bytes, on pages that are given back: they read as zeros. What it holds, and from
# which one on.
def of_object(number, method, mark, object, pointer_at, size)
  begins = Fiddle::Pointer.new(Fiddle.dlwrap(object))[pointer_at, 8].unpack1("q")
  start = (begins / PAGE + 1) * PAGE
  MADVISE.call(start, PAGES * PAGE, NO_HUGE_PAGES)
  MADVISE.call(start, PAGES * PAGE, NOT_NEEDED)
  area(number, method, mark, start)
  [object, (start - begins) / size]
end

def noise(value)
  value + 1
end

def plain(pages)
  i = 0
  while i < PAGES
    noise(i)
    pages[i * PAGE] = 1 # plain
    i += 1
  end
end

def in_block(pages)
  PAGES.times do |i|
    noise(i)
    pages[i * PAGE] = 2 # block
  end
end

def in_two_blocks(pages)
  PAGES.times do |i|
    [i].each { |j| pages[j * PAGE] = 3 } # inner
  end
end

def array((array, first))
  i = 0
  while i < PAGES
    array[first + i * PAGE / 8] = i # array
    i += 1
  end
end

def string((string, first))
  PAGES.times { |i| string.setbyte(first + i * PAGE, 5) } # string
end

class Table
  def initialize(pages)
    @pages = pages
  end

  def []=(i, value)
    @pages[i * PAGE] = value # aset
  end

  def fill(i)
    noise(
      i,
    )
    @pages[ # fill
      i * PAGE
    ] = noise(i) & 1; noise(i)
  end

  def method_missing(name, i)
    @pages[i * PAGE] = 7 # missing
  end

  def respond_to_missing?(*)
    true
  end

  define_method(:defined) { |i| @pages[i * PAGE] = 8 } # defined

  def <=>(other)
    @pages[other * PAGE] = 9 # compared
    0
  end
  include Comparable
end

def rescued(pages)
  PAGES.times do |i|
    raise KeyError, "no"
  rescue KeyError
    pages[i * PAGE] = 10 # rescued
  end
end

def ensured(pages)
  i = 0
  while i < PAGES
    begin
      noise(i)
    ensure
      pages[i * PAGE] = 11 # ensured
    end
    i += 1
  end
end

def sorted(pages)
  (0...PAGES).sort_by { |i| pages[i * PAGE] = 12; -i } # sorted
end

def by_memset(pages)
  begin_of = pages.to_i
  for i in 0...PAGES
    MEMSET.call(begin_of + i * PAGE, 13, 16) # memset
  end
end

def deep(pages, depth, i)
  return deep(pages, depth - 1, i) if depth > 0
  pages[i * PAGE] = 14 # deep
  noise(i)
end

def enumerated(pages)
  Enumerator.new do |out|
    PAGES.times do |i|
      pages[i * PAGE] = 15 # enumerated
      out << i
    end
  end
end

def in_fiber(pages)
  Fiber.new do
    i = 0
    while i < PAGES
      pages[i * PAGE] = 16 # fiber
      Fiber.yield
      i += 1
    end
  end
end

def many_lines(pages)
  if pages.nil?
    noise(0) + noise(1) + noise(2) + noise(3) + noise(4) + noise(5) + noise(6) + noise(7) + noise(8) + noise(9)
    noise(0) + noise(1) + noise(2) + noise(3) + noise(4) + noise(5) + noise(6) + noise(7) + noise(8) + noise(9)
    noise(0) + noise(1) + noise(2) + noise(3) + noise(4) + noise(5) + noise(6) + noise(7) + noise(8) + noise(9)
    noise(0) + noise(1) + noise(2) + noise(3) + noise(4) + noise(5) + noise(6) + noise(7) + noise(8) + noise(9)
    noise(0) + noise(1) + noise(2) + noise(3) + noise(4) + noise(5) + noise(6) + noise(7) + noise(8) + noise(9)
    noise(0) + noise(1) + noise(2) + noise(3) + noise(4) + noise(5) + noise(6) + noise(7) + noise(8) + noise(9)
    noise(0) + noise(1) + noise(2) + noise(3) + noise(4) + noise(5) + noise(6) + noise(7) + noise(8) + noise(9)
    noise(0) + noise(1) + noise(2) + noise(3) + noise(4) + noise(5) + noise(6) + noise(7) + noise(8) + noise(9)
    noise(0) + noise(1) + noise(2) + noise(3) + noise(4) + noise(5) + noise(6) + noise(7) + noise(8) + noise(9)
    noise(0) + noise(1) + noise(2) + noise(3) + noise(4) + noise(5) + noise(6) + noise(7) + noise(8) + noise(9)
  end
  i = 0
  while i < PAGES
    noise(i)
    pages[i * PAGE] = 17 # far
    i += 1
  end
end

def in_eval(pages)
  instance_eval { PAGES.times { |i| pages[i * PAGE] = 18 } } # eval
end

def called_late(pages)
  lambda { |i| pages[i * PAGE] = 19 } # lambda
end

METHODS = {
  "plain" => "plain",
  "block" => "block in in_block",
  "inner" => "block (2 levels) in in_two_blocks",
  "aset" => "[]=",
  "fill" => "fill",
  "missing" => "method_missing",
  "defined" => "block in <class:Table>",
  "compared" => "<=>",
  "rescued" => "rescue in block in rescued",
  "ensured" => "ensured",
  "sorted" => "block in sorted",
  "memset" => "block in by_memset",
  "deep" => "deep",
  "enumerated" => "block (2 levels) in enumerated",
  "fiber" => "block in in_fiber",
  "far" => "many_lines",
  "eval" => "block (2 levels) in in_eval",
  "lambda" => "block in called_late",
}

def areas(number)
  pages = METHODS.to_h { |mark, method| [mark, fresh(number, method, mark)] }
  pages["array"] = of_object(number, "array", "array", Array.new((PAGES + 2) * PAGE / 8, 0), 32, 8)
  pages["string"] = of_object(number, "block in string", "string", "x" * ((PAGES + 2) * PAGE), 24, 1)
  pages
end

def write_by_table(pages)
  items, fill, missing, defined, compared = %w[aset fill missing defined compared].map { |mark| Table.new(pages[mark]) }
  PAGES.times do |i|
    items[i] = 6
    fill.fill(i)
    missing.anything(i)
    defined.defined(i)
    compared == i
    deep(pages["deep"], 20, i)
  end
end

def write(pages)
  plain(pages["plain"])
  in_block(pages["block"])
  in_two_blocks(pages["inner"])
  array(pages["array"])
  string(pages["string"])
  write_by_table(pages)
  rescued(pages["rescued"])
  ensured(pages["ensured"])
  sorted(pages["sorted"])
  by_memset(pages["memset"])
  enumerated(pages["enumerated"]).next
  enumerated(pages["enumerated"]).to_a
  fiber = in_fiber(pages["fiber"])
  PAGES.times { fiber.resume }
  many_lines(pages["far"])
  in_eval(pages["eval"])
  PAGES.times(&called_late(pages["lambda"]))
end

GC.disable
ROUNDS = [areas(0), areas(1)]
AREAS.each { |name, start| puts format("area %s %x %x", name, start, start + PAGES * PAGE) }
puts "go"
$stdout.flush
$stdin.gets
ROUNDS.each { |pages| write(pages) }
puts "done"
$stdout.flush
$stdin.gets
