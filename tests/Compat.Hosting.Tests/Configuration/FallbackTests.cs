using Akka.Configuration;

namespace UdsBroker.Compat.Hosting.Tests.Configuration;

/// <summary>One configuration laid over another.</summary>
public class FallbackTests
{
    private readonly Config _upper = ConfigurationFactory.ParseString("a { x = 1, o { p = 1 } }\nl = [1]\nonly-upper = u");
    private readonly Config _lower = ConfigurationFactory.ParseString("a { x = 2, y = 2, o { p = 2, q = 2 } }\nl = [2, 3]\nonly-lower = l");

    [Fact]
    public void Objects_merge_and_anything_else_is_hidden()
    {
        var config = _upper.WithFallback(_lower);

        Assert.Equal([1, 2, 1, 2], new[] { config.GetInt("a.x"), config.GetInt("a.y"), config.GetInt("a.o.p"), config.GetInt("a.o.q") });
        Assert.Equal([1], config.GetIntList("l"));
        Assert.Equal("u", config.GetString("only-upper"));
        Assert.Equal("l", config.GetString("only-lower"));
    }

    [Fact]
    public void Neither_side_is_changed()
    {
        _ = _upper.WithFallback(_lower);

        Assert.False(_upper.HasPath("a.y"));
        Assert.False(_upper.HasPath("only-lower"));
        Assert.Equal(2, _lower.GetInt("a.x"));
        Assert.Null(_upper.Fallback);
    }

    [Fact]
    public void Layers_stack()
    {
        var config = ConfigurationFactory.ParseString("a.x = 0").WithFallback(_upper).WithFallback(_lower);

        Assert.Equal([0, 2, 1], new[] { config.GetInt("a.x"), config.GetInt("a.y"), config.GetInt("a.o.p") });
        Assert.Equal(["a", "l", "only-lower", "only-upper"], config.AsEnumerable().Select(entry => entry.Key).Order());
        Assert.Equal(0, config.AsEnumerable().Single(entry => entry.Key == "a").Value.GetChildObject("x").GetInt());
    }

    [Fact]
    public void A_section_of_layers_has_the_layers()
    {
        var section = _upper.WithFallback(_lower).GetConfig("a");

        Assert.Equal([1, 2, 2], new[] { section.GetInt("x"), section.GetInt("y"), section.GetInt("o.q") });
        Assert.Equal("l", _upper.WithFallback(_lower).GetString("only-lower"));
        Assert.Equal(2, _upper.WithFallback(ConfigurationFactory.ParseString("b.c = 2")).GetConfig("b").GetInt("c"));
    }

    [Fact]
    public void An_object_hides_text_and_text_hides_an_object()
    {
        var scalar = ConfigurationFactory.ParseString("a = 5");
        Assert.Equal(5, scalar.WithFallback(_lower).GetInt("a"));
        Assert.False(scalar.WithFallback(_lower).HasPath("a.x"));
        Assert.Equal(2, _lower.WithFallback(scalar).GetInt("a.x"));
    }

    [Fact]
    public void A_section_that_is_text_in_one_layer_cannot_be_asked_as_a_configuration_of_both()
    {
        var text = ConfigurationFactory.ParseString("a = 5");
        Assert.Throws<NullReferenceException>(() => text.WithFallback(_lower).GetConfig("a"));
        Assert.Throws<NullReferenceException>(() => text.WithFallback(ConfigurationFactory.ParseString("a = 5\nb = 1")).GetConfig("a"));
    }

    [Fact]
    public void An_empty_side_adds_nothing()
    {
        Assert.Same(_lower, ConfigurationFactory.Empty.WithFallback(_lower));
        Assert.Same(_upper, _upper.WithFallback(Config.Empty));
        Assert.Same(_upper, _upper.WithFallback(null));
        Assert.Same(_upper, _upper.WithFallback(ConfigurationFactory.ParseString("a.x = 1")));
        Assert.Throws<ArgumentException>(() => _upper.WithFallback(_upper));
    }

    [Fact]
    public void Empty_is_told_from_missing()
    {
        Assert.True(ConfigurationFactory.Empty.IsEmpty);
        Assert.True(Config.Empty.IsEmpty);
        Assert.True(ConfigurationFactory.ParseString("# nothing\n").IsNullOrEmpty());
        Assert.True(((Config?)null).IsNullOrEmpty());
        Assert.True(ConfigurationFactory.ParseString("a { }").GetConfig("a").IsEmpty);
        Assert.False(_upper.IsEmpty);
        Assert.Same(_upper, _upper.SafeWithFallback(_upper));
        Assert.Same(_upper, ((Config?)null).SafeWithFallback(_upper));
    }

    [Fact]
    public void Text_becomes_a_configuration_where_one_is_asked()
    {
        Config config = "a.x = 9";
        Assert.Equal(9, config.GetInt("a.x"));
        Assert.Equal(2, (config + "b = 2").GetInt("b"));
        Assert.Equal(8, ("a.x = 8" + config).GetInt("a.x"));
    }
}
