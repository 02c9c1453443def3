using System.Text;
using UdsBroker.Bench.Wires;
using UdsBroker.Protocol;

namespace UdsBroker.Bench.Tests;

/// <summary>A generator that sends wrong frames measures how fast a broker refuses them.</summary>
public sealed class WireTests
{
    [Fact]
    public void Nats_is_spoken_in_its_lines()
    {
        var wire = new NatsWire();
        Assert.Equal("SUB a.* 7\r\nPING\r\n", Text(wire.Subscribe(7, "a.*")));
        Assert.Equal("PUB a.b 5\r\nhello\r\n", Text(wire.Publish("a.b", "hello"u8)));
        Assert.Equal("PUB a.b r.1 5\r\nhello\r\n", Text(wire.Publish("a.b", "hello"u8, "r.1")));
        Assert.Equal("MSG a.b 7 r.1 5\r\nhello\r\n", Text(wire.Delivered(7, "a.*", "a.b", "hello"u8, "r.1")));
    }

    [Fact]
    public void Redis_is_spoken_in_arrays_of_strings()
    {
        var wire = new RedisWire();
        Assert.Equal("*2\r\n$9\r\nSUBSCRIBE\r\n$3\r\na.b\r\n", Text(wire.Subscribe(7, "a.b")));
        Assert.Equal("*2\r\n$10\r\nPSUBSCRIBE\r\n$3\r\na.*\r\n", Text(wire.Subscribe(7, "a.*")));
        Assert.Equal("*3\r\n$7\r\nPUBLISH\r\n$3\r\na.b\r\n$5\r\nhello\r\n", Text(wire.Publish("a.b", "hello"u8)));
        Assert.Equal("*4\r\n$8\r\npmessage\r\n$3\r\na.*\r\n$3\r\na.b\r\n$5\r\nhello\r\n", Text(wire.Delivered(7, "a.*", "a.b", "hello"u8)));
    }

    [Fact]
    public void Mqtt_is_spoken_with_its_own_separators_and_lengths()
    {
        var wire = new MqttWire();
        Assert.Equal("100C00044D515454040200000000", Convert.ToHexString(wire.Greeting.Span));
        Assert.Equal("820800010003612F2B00", Convert.ToHexString(wire.Subscribe(7, "a.*")));
        Assert.Equal("30070003612F626869", Convert.ToHexString(wire.Publish("a.b", "hi"u8)));
        Assert.Equal("30CD01", Convert.ToHexString(wire.Publish("a.b", new byte[200])[..3]));
    }

    [Fact]
    public void Our_own_frames_are_what_the_scanner_of_the_product_reads()
    {
        var frame = new UdsbWire().Publish("a.b", "hello"u8, "r.1");
        Assert.Equal(ScanResult.Done, FrameScanner.Scan(frame, Limits.Default, out var head));
        Assert.Equal(frame.Length, head.Length);
        Assert.Equal("a.b", Text(frame.AsSpan(head.SubjectStart, head.SubjectLength)));
        Assert.Equal("r.1", Text(frame.AsSpan(head.ReplyStart, head.ReplyLength)));
        Assert.Equal("hello", Text(frame.AsSpan(head.PayloadStart, head.PayloadLength)));
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.ASCII.GetString(bytes);
}
