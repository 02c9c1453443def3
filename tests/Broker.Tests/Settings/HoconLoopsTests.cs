using Akka.Configuration;
using Akka.Configuration.Hocon;
using UdsBroker.Broker.Settings;

namespace UdsBroker.Broker.Tests.Settings;

/// <summary>
/// Trees as the runtime's parser makes them: values made of parts, some of which are substitutions that refer to other places in the tree.
/// </summary>
public sealed class HoconLoopsTests
{
    private readonly HoconObject _root = new();
    private readonly HoconSubstitution _substitution = new("a.b");

    [Fact]
    public void A_value_that_stands_for_itself_is_found()
    {
        _substitution.ResolvedValue = Value(_substitution);
        Assert.Equal("a.b", HoconLoops.Find(Config));
    }

    [Fact]
    public void A_value_that_stands_for_a_block_or_list_around_it_is_found()
    {
        var block = new HoconObject();
        block.GetOrCreateKey("b").AppendValue(_substitution);
        _substitution.ResolvedValue = Value(block);
        Assert.Equal("a.b", HoconLoops.Find(Config));

        _substitution.ResolvedValue = Value(new HoconArray { Value(_substitution) });
        Assert.Equal("a.b", HoconLoops.Find(Config));
    }

    [Fact]
    public void Two_that_stand_for_each_other_are_found()
    {
        var other = new HoconSubstitution("c") { ResolvedValue = Value(_substitution) };
        _substitution.ResolvedValue = Value(other);
        Assert.Equal("a.b", HoconLoops.Find(Config));
    }

    [Fact]
    public void A_substitution_that_leads_elsewhere_or_nowhere_is_no_loop()
    {
        var other = new HoconSubstitution("c") { ResolvedValue = Value(new HoconLiteral { Value = "x" }) };
        var twice = new HoconArray { Value(other), Value(other) };
        _substitution.ResolvedValue = Value(twice);
        Assert.Null(HoconLoops.Find(Config));

        _substitution.ResolvedValue = null!;
        Assert.Null(HoconLoops.Find(Config));
    }

    private Config Config => new(new HoconRoot(Value(_root), [_substitution]));

    private static HoconValue Value(IHoconElement piece)
    {
        var value = new HoconValue();
        value.AppendValue(piece);
        return value;
    }
}
