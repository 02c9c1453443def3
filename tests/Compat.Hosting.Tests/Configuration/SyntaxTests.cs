using Akka.Configuration;

namespace UdsBroker.Compat.Hosting.Tests.Configuration;

/// <summary>What HOCON text means: the forms of keys, values, comments and nesting that settings files use.</summary>
public class SyntaxTests
{
    [Theory]
    [InlineData("a = 1")]
    [InlineData("a : 1")]
    [InlineData("a=1\n")]
    [InlineData("a = 1,")]
    [InlineData("a =\n  1\n")]
    [InlineData("# first\na = 1 # behind\n// last\n")]
    [InlineData("// first\na = 1 // behind\n")]
    [InlineData("{ \"a\" : 1 }")]
    [InlineData("{ a = \"1\" }\n")]
    [InlineData("\r\na = 1\r\n\r\n")]
    [InlineData("\ta\t=\t1\t\n")]
    [InlineData("a = 0\na = 1\n")]
    [InlineData("a { b = 2 }\na = 1\n")]
    [InlineData("a = \"\"\"1\"\"\"")]
    public void One_setting_can_be_written_in_many_ways(string text)
        => Assert.Equal("1", ConfigurationFactory.ParseString(text).GetString("a"));

    [Theory]
    [InlineData("a { b { c = x } }")]
    [InlineData("a = { b = { c = x } }")]
    [InlineData("a : { b : { c : x } }")]
    [InlineData("a.b.c = x")]
    [InlineData("a.b { c = x }")]
    [InlineData("a { b.c = x }")]
    [InlineData("a {\n  b {\n    c = x\n  }\n}\n")]
    [InlineData("a { d = 1, b { c = x } }")]
    [InlineData("a { d = 1, e = 2\n b.c = x }")]
    [InlineData("a.d = 1\na { b.c = y }\na.b.c = x\n")]
    [InlineData("{\"a\":{\"b\":{\"c\":\"x\"},\"d\":[1,2]}}")]
    [InlineData("a . b . c = x")]
    [InlineData("a = 5\na { b.c = x }")]
    public void Nesting_can_be_written_in_many_ways(string text)
    {
        var config = ConfigurationFactory.ParseString(text);
        Assert.Equal("x", config.GetString("a.b.c"));
        Assert.Equal("x", config.GetConfig("a").GetString("b.c"));
        Assert.Equal("x", config.GetConfig("a.b").GetString("c"));
    }

    [Theory]
    [InlineData("a = one two", "one two")]
    [InlineData("a = one   two   # said\n", "one   two")]
    [InlineData("a = \"one\" two", "one two")]
    [InlineData("a = \"  one  \"", "one")]
    [InlineData("a = \"one#two//three\"", "one#two//three")]
    [InlineData("a = \"x\\ty\\n\\\"z\\\" \\\\ \\/ \\u00e9\"", "x\ty\n\"z\" \\ / é")]
    [InlineData("a = \"\"\"C:\\temp \"quoted\"\nsecond line\"\"\"", "C:\\temp \"quoted\"\nsecond line")]
    [InlineData("a = /run/udsbroker/broker.sock", "/run/udsbroker/broker.sock")]
    [InlineData("a = 1.5e-3", "1.5e-3")]
    [InlineData("a = -5", "-5")]
    [InlineData("a = \"\"", "")]
    [InlineData("a = null", null)]
    [InlineData("a = x/y-z_w+v;(u)<t>|s", "x/y-z_w+v;(u)<t>|s")]
    public void Text_is_joined_unescaped_and_trimmed(string text, string? expected)
        => Assert.Equal(expected, ConfigurationFactory.ParseString(text).GetString("a", "default"));

    [Theory]
    [InlineData("\"a.b\".c = 1", "\"a.b\".c")]
    [InlineData("x { \"a.b\" { c = 1 } }", "x.\"a.b\".c")]
    [InlineData("x.\"a b\".c = 1", "x.a b.c")]
    [InlineData("a b.c d = 1", "a b.c d")]
    [InlineData("\"\" { x = 1 }\na = 1", "a")]
    [InlineData("\"\" = 0\na = 1", "a")]
    [InlineData("/user/time { n = 1 }", "/user/time.n")]
    [InlineData("\"*\" { n = 1 }", "*.n")]
    [InlineData("includes = 1", "includes")]
    [InlineData("a-b_c+d;e = 1", "a-b_c+d;e")]
    public void Keys_are_quoted_or_not(string text, string path)
        => Assert.Equal(1, ConfigurationFactory.ParseString(text).GetInt(path));

    [Theory]
    [InlineData("a = [x, y, z]", new[] { "x", "y", "z" })]
    [InlineData("a = [x, y, z,]", new[] { "x", "y", "z" })]
    [InlineData("a = [\n  x\n  \"y\" # why\n  z\n]\n", new[] { "x", "y", "z" })]
    [InlineData("a = [x y, z]", new[] { "x y", "z" })]
    [InlineData("a = [x] [y]", new[] { "x", "y" })]
    [InlineData("a = []", new string[0])]
    [InlineData("a = [x]\na = [y]", new[] { "y" })]
    public void Arrays_hold_texts(string text, string[] expected)
        => Assert.Equal(expected, ConfigurationFactory.ParseString(text).GetStringList("a"));

    [Fact]
    public void Arrays_hold_objects_and_arrays()
    {
        var array = ConfigurationFactory.ParseString("a = [{ n = 1, m = [2, 3] }, { n = 4 }, [5, 6]]").GetValue("a").GetArray();

        Assert.Equal(3, array.Count);
        Assert.Equal(1, array[0].GetObject().GetKey("n").GetInt());
        Assert.Equal([2, 3], array[0].GetObject().GetKey("m").GetIntList());
        Assert.Equal(4, array[1].ToConfig().GetInt("n"));
        Assert.Equal([5, 6], array[2].GetIntList());
    }

    [Fact]
    public void Two_settings_on_one_line_need_a_comma()
    {
        var config = ConfigurationFactory.ParseString("a = 1, b = 2\nc { d = 3, e = 4 }");
        Assert.Equal(
            [1, 2, 3, 4],
            new[] { config.GetInt("a"), config.GetInt("b"), config.GetInt("c.d"), config.GetInt("c.e") });
    }

    [Fact]
    public void Objects_that_stand_side_by_side_or_below_each_other_merge()
    {
        var config = ConfigurationFactory.ParseString("a = { x = 1, y = 1 } { y = 2 }\na = { z = 3 }\na { w = 4 }");
        Assert.Equal(
            [1, 2, 3, 4],
            new[] { config.GetInt("a.x"), config.GetInt("a.y"), config.GetInt("a.z"), config.GetInt("a.w") });
    }

    [Fact]
    public void White_space_alone_in_brackets_is_one_empty_element()
        => Assert.Equal([null], ConfigurationFactory.ParseString("a = [ ]\n").GetStringList("a"));

    [Theory]
    [InlineData("a = \\")]
    [InlineData("a = \"\\q\"")]
    [InlineData("a { b = 1 }, c = 2")]
    [InlineData(", a = 1")]
    [InlineData("a = ${nowhere}")]
    [InlineData("a = $b\n")]
    [InlineData("& = 1")]
    [InlineData("a = 1\n#")]
    public void Text_that_is_not_hocon_is_refused(string text)
        => Assert.Throws<FormatException>(() => ConfigurationFactory.ParseString(text));

    [Theory]
    [InlineData("a = tcp://host")]
    [InlineData("a = b=c\n")]
    public void Unquoted_text_with_an_assignment_character_is_refused(string text)
        => Assert.Throws<ConfigurationException>(() => ConfigurationFactory.ParseString(text));
}
