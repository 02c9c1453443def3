using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace UdsBroker.Compat.Hosting.Tests.Configuration;

/// <summary><c>${path}</c> and <c>include</c>: values that come from elsewhere in the text, or from another text.</summary>
public class SubstitutionTests
{
    [Fact]
    public void A_substitution_takes_text_from_before_or_behind_it()
    {
        var config = ConfigurationFactory.ParseString("x = 1\na = ${x}\nb = ${y.z}\ny { z = 2 }");
        Assert.Equal(1, config.GetInt("a"));
        Assert.Equal("2", config.GetString("b"));
    }

    [Fact]
    public void A_substitution_joins_with_text_on_both_sides()
    {
        var config = ConfigurationFactory.ParseString("home = /srv\npath = ${home}/logs\nall = in ${home} or ${path} .");
        Assert.Equal("/srv/logs", config.GetString("path"));
        Assert.Equal("in /srv or /srv/logs .", config.GetString("all"));
    }

    [Fact]
    public void A_substitution_takes_an_array_and_an_object()
    {
        var config = ConfigurationFactory.ParseString("l = [1, 2]\no { n = 5, m { k = 6 } }\na = ${l}\nb = ${l} [3]\nc = ${o}\nd = [${o}]");
        Assert.Equal([1, 2], config.GetIntList("a"));
        Assert.Equal([1, 2, 3], config.GetIntList("b"));
        Assert.Equal(5, config.GetInt("c.n"));
        Assert.Equal(6, config.GetConfig("c").GetInt("m.k"));
        Assert.Equal(5, config.GetValue("d").GetArray()[0].GetObject().GetKey("n").GetInt());
    }

    [Fact]
    public void The_last_value_of_a_path_is_the_one_that_is_taken()
        => Assert.Equal(2, ConfigurationFactory.ParseString("x = 1\na = ${x}\nx = 2").GetInt("a"));

    [Fact]
    public void A_substitution_sees_its_own_text_and_no_fallback()
    {
        var fallback = ConfigurationFactory.ParseString("x = 1\na = ${x}");
        var config = ConfigurationFactory.ParseString("x = 2").WithFallback(fallback);
        Assert.Equal(1, config.GetInt("a"));
        Assert.Throws<FormatException>(() => ConfigurationFactory.ParseString("b = ${x}").WithFallback(fallback));
    }

    [Fact]
    public void An_included_text_is_merged_where_it_stands()
    {
        var asked = new List<string>();
        HoconRoot Include(string name)
        {
            asked.Add(name);
            return new HoconRoot(ConfigurationFactory.ParseString("x = 1\ny { z = 2 }").Root);
        }

        var config = ConfigurationFactory.ParseString("a { x = 0\n include \"other.conf\"\n y.w = 3 }", Include);

        Assert.Equal(["other.conf"], asked);
        Assert.Equal([1, 2, 3], new[] { config.GetInt("a.x"), config.GetInt("a.y.z"), config.GetInt("a.y.w") });
    }

    [Fact]
    public void An_included_text_may_use_substitutions_of_its_own()
    {
        var config = ConfigurationFactory.ParseString("a { include \"other.conf\" }", _ => Parser.Parse("x = 7\ny = ${x}", null));
        Assert.Equal(7, config.GetInt("a.y"));
    }
}
