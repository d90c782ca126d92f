# Runs in the interpreter that is looked at: makes objects, forks, and says where words of them are in the child and what they
# are, one "address cause object" a line; waits until its input ends. The child wrote into some objects' flags.
require "fiddle"
require "json"
require "objspace"
require "set"

Pair = Struct.new(:one, :two)
class Plain
  def initialize(i)
    @one = i
    @two = [i]
    @three = i.to_s
    @four = i
  end
end

NAMES = {"STRING" => "String", "ARRAY" => "Array", "HASH" => "Hash", "OBJECT" => "Object", "STRUCT" => "Struct", "FLOAT" => "Float",
         "BIGNUM" => "Integer", "REGEXP" => "Regexp", "CLASS" => "Class", "DATA" => "Data", "MATCH" => "MatchData",
         "RATIONAL" => "Rational", "COMPLEX" => "Complex", "MODULE" => "Module", "SYMBOL" => "Symbol"}

def make(i)
  name = "word #{i}"
  [name, name * 50, [i, name], Array.new(100, i), {name => i}, (0..20).to_h { |n| [n, name] }, Plain.new(i), Pair.new(i, name),
   3.0**(300 + i % 5), 2**(100 + i % 50), Regexp.new(name), Class.new, Module.new, -> { i }, name.match(/\d/), Rational(i, 7),
   Complex(i, 1), Set.new([i]), Object.new]
end

things = Array.new(ARGV[0].to_i) { |i| make(i) }
strings = Array.new(2000) { |i| "text #{i}" }
4.times { GC.start }
GC.disable
owners = Array.new(ARGV[0].to_i) { |i| ["long #{i}" * 200, Array.new(200 + i, i)] }
dumped = things.flatten(1).map { |thing| JSON.parse(ObjectSpace.dump(thing)) }
places = strings.map { |string| JSON.parse(ObjectSpace.dump(string))["address"].to_i(16) }

ends = IO.pipe
ready = IO.pipe
child = fork do
  strings.each_slice(2) { |one, _| one.freeze }
  ready[1].write("x")
  ready[1].close
  ends[1].close
  ends[0].read
  exit!(0)
end
ready[0].read(1)
out = ["#{RUBY_VERSION} #{child} #{$$}"]
dumped.each do |object|
  address = object["address"].to_i(16)
  name = NAMES[object["type"]]
  next unless name
  [8, 16, 24].each { |at| out << format("%x object %s", address + at, name) }
  out << format("%x gc-mark %s", address, name) unless name == "String" # who writes to one may leave its flags as they were
end
owners.each do |text, list|
  out << format("%x object String", Fiddle::Pointer[text].to_i + 100)
  out << format("%x object Array", Fiddle::Pointer.new(Fiddle.dlwrap(list))[32, 8].unpack1("q") + 200)
end
places.each_slice(2) { |frozen, _| out << format("%x object String", frozen) }
STDOUT.write(out.join("\n") + "\n\n")
STDOUT.flush
STDIN.read
ends[1].close
Process.wait(child)
