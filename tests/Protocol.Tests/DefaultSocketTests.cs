namespace UdsBroker.Protocol.Tests;

/// <summary>The table of <see cref="DefaultSocket"/>: which variable and which user lead to which path.</summary>
public class DefaultSocketTests
{
    [Theory]
    [InlineData("/a/b.sock", "/run/user/7", true, "/a/b.sock", true)]
    [InlineData("/a/b.sock", null, false, "/a/b.sock", true)]
    [InlineData("@name", null, false, "@name", true)]
    [InlineData(null, "/run/user/7", false, "/run/user/7/udsbroker/broker.sock", false)]
    [InlineData(null, "/run/user/7/", false, "/run/user/7/udsbroker/broker.sock", false)]
    [InlineData("", "/run/user/0", true, "/run/user/0/udsbroker/broker.sock", false)]
    [InlineData(null, null, true, "/run/udsbroker/broker.sock", false)]
    [InlineData(null, "", true, "/run/udsbroker/broker.sock", false)]
    [InlineData(null, "relative/dir", true, "/run/udsbroker/broker.sock", false)]
    [InlineData(null, null, false, "/tmp/udsbroker-ann/broker.sock", false)]
    [InlineData("", "", false, "/tmp/udsbroker-ann/broker.sock", false)]
    public void The_first_rule_that_applies_decides(string? socket, string? runtime, bool isRoot, string path, bool isNamedByUser)
    {
        var environment = new Dictionary<string, string?> { [DefaultSocket.Variable] = socket, ["XDG_RUNTIME_DIR"] = runtime };

        var found = DefaultSocket.Find(name => environment.GetValueOrDefault(name), isRoot, "ann", "/tmp/");

        Assert.Equal(new DefaultSocket(path, isNamedByUser), found);
    }

    [Fact]
    public void The_process_has_a_default_socket()
    {
        Assert.NotEmpty(DefaultSocket.OfThisProcess().Path);
    }
}
