namespace UdsBroker.Protocol.Tests;

/// <summary>Which version two sides speak. PROTOCOL.md, "Versions and growth".</summary>
public sealed class WireVersionTests
{
    [Fact]
    public void Two_sides_speak_the_smaller_of_their_newest_versions()
    {
        Assert.Equal(WireVersion.Oldest, WireVersion.Negotiate(WireVersion.Oldest));
        Assert.Equal(WireVersion.Current, WireVersion.Negotiate(WireVersion.Current));
        Assert.Equal(WireVersion.Current, WireVersion.Negotiate(WireVersion.Current + 1));
        Assert.Equal(WireVersion.Current, WireVersion.Negotiate(uint.MaxValue));
    }

    [Fact]
    public void With_a_side_that_is_older_than_the_oldest_there_is_none()
    {
        Assert.Null(WireVersion.Negotiate(WireVersion.Oldest - 1));
        Assert.False(WireVersion.IsSupported(WireVersion.Oldest - 1));
        Assert.True(WireVersion.IsSupported(WireVersion.Oldest));
        Assert.False(WireVersion.IsSupported(WireVersion.Current + 1));
    }
}
