namespace UdsBroker.Protocol.Tests;

/// <summary>The ranges of the limits.</summary>
public sealed class LimitsTests
{
    [Fact]
    public void The_defaults_and_the_ceiling_are_within_their_own_range()
    {
        Assert.Null(Limits.Default.FindProblem());
        Assert.Null(Limits.Floor.FindProblem());
        Assert.Null(Limits.Ceiling.FindProblem());
        Assert.True(Limits.Ceiling.MaxFrameBytes > 0);
        Assert.Equal((16 << 20) + (64 << 10), Limits.Default.MaxFrameBytes);
    }

    [Fact]
    public void Every_limit_has_a_name_that_reads_and_sets_it_and_no_other()
    {
        Assert.Equal(typeof(Limits).GetProperties().Count(property => property.SetMethod is not null), LimitName.All.Length);
        Assert.All(LimitName.All, limit => Assert.Equal(
            LimitName.All.Select(other => other == limit ? 7 : other.Read(Limits.Default)),
            LimitName.All.Select(other => other.Read(limit.With(Limits.Default, 7)))));
    }

    [Theory]
    [InlineData(64, 4096)]
    [InlineData(1029, 4096)]
    [InlineData(4096, 65536)]
    public void The_longest_deliver_within_the_limits_is_accepted(int elements, int bytes)
    {
        Limits limits = Limits.Floor with { MaxElements = elements, MaxControlFrameBytes = bytes };
        byte[] frame = new byte[FrameWriter.MaxDeliverHeader(limits.DeliverSids)];
        uint[] sids = [.. Enumerable.Repeat(uint.MaxValue, limits.DeliverSids)];
        int length = FrameWriter.WriteDeliver(frame, sids, new byte[16], uint.MaxValue, (DeliverFlags)byte.MaxValue);
        Assert.Equal(ScanResult.Done, FrameScanner.Scan(frame.AsSpan(0, length), limits, out _));
        Assert.Equal(Math.Min(1024, Math.Min(elements - 5, (bytes - 35) / 5)), limits.DeliverSids);
    }

    [Theory]
    [InlineData(0, "max-payload-bytes is 0; allowed is 1 to 1073741824")]
    [InlineData(-5, "max-payload-bytes is -5; allowed is 1 to 1073741824")]
    [InlineData(int.MaxValue, "max-payload-bytes is 2147483647; allowed is 1 to 1073741824")]
    public void A_limit_outside_its_range_is_named_with_the_range(int value, string expected) =>
        Assert.Equal(expected, (Limits.Default with { MaxPayloadBytes = value }).FindProblem());
}
