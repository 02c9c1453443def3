using Akka.Configuration;

namespace UdsBroker.Compat.Hosting.Tests.Configuration;

/// <summary>A configuration as text again.</summary>
public class PrintingTests
{
    [Fact]
    public void A_tree_prints_with_its_nesting()
    {
        var config = ConfigurationFactory.ParseString("a { b = 1, \"c d\" = \"x y\", e { f = [1, two words, { g = 2 }] } }");

        Assert.Equal(
            "  a : {\r\n    b : 1\r\n    \"c d\" : \"x y\"\r\n    e : {\r\n      f : [1,\"two words\",{\r\n          g : 2\r\n        }]\r\n    }\r\n  }\r\n",
            config.ToString());
    }

    [Fact]
    public void The_fallback_is_printed_when_asked_for()
    {
        var config = ConfigurationFactory.ParseString("a = 1").WithFallback(ConfigurationFactory.ParseString("b = 2"));

        Assert.Equal("  a : 1\r\n", config.ToString());
        Assert.Equal("  a : 1\r\n", config.ToString(includeFallback: false));
        Assert.Equal("  b : 2\r\n  a : 1\r\n", config.ToString(includeFallback: true));
        Assert.Equal("  b : 2\r\n  a : 1\r\n", config.Root.ToString());
    }

    [Fact]
    public void What_was_printed_can_be_read_again()
    {
        var config = ConfigurationFactory.ParseString("a { b = 1, c = \"x y\", l = [1, 2] }\nd = null");
        var again = ConfigurationFactory.ParseString(config.GetConfig("a").Root.ToString());

        Assert.Equal(1, again.GetInt("b"));
        Assert.Equal("x y", again.GetString("c"));
        Assert.Equal([1, 2], again.GetIntList("l"));
    }
}
