using UdsBroker.Broker.Access;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Delivery;

/// <summary>The runtime has no memory for what waits: the recipient has to end, its publisher goes on, and nothing is torn.</summary>
public sealed class OutboxMemoryTests
{
    // Longer than what is idle.
    private readonly byte[] _longGoodbye = Frames.Goodbye(new string('x', 5000));
    private readonly FullHeapPool _pool = new(4096);
    private readonly FakeSocket _socket = new();
    private readonly FakeOwner _owner = new();
    private readonly PublisherAccount _account = new(new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), PeerAccess.OfBroker, new Traffic());
    private readonly Outbox _outbox;
    private readonly Recipient _recipient;

    public OutboxMemoryTests()
    {
        _outbox = new Outbox(new OutboxLimits(20_000, 10_000, Limits.Default), _pool, new FakeClock(), _socket, _owner, new Traffic());
        _outbox.Welcome();
        _recipient = new Recipient(_outbox, [new Subscription(_outbox, 1, "s"u8.ToArray(), SubscribeOptions.None, new PendingBound(1 << 20, 1 << 16))]);
    }

    [Fact]
    public void A_run_that_cannot_be_copied_out_of_its_receive_buffer_is_sent_from_there()
    {
        var payload = new string('x', 3000);
        Deliver(payload, slabBytes: 16384);
        _pool.IsOut = true;
        _socket.Room = 100;

        _outbox.Flush();

        Assert.IsType<InsufficientMemoryException>(Assert.Single(_owner.Faults));
        Assert.Equal(1, _owner.WriterCalls);
        _socket.Room = long.MaxValue;
        Write();
        Assert.Equal($"1:{payload}", Received.Parse(_socket.Received).Log);
        Assert.Equal(0, _pool.Leased);
    }

    [Fact]
    public void A_backlog_that_cannot_be_sent_for_lack_of_memory_waits_until_the_connection_ends()
    {
        _socket.Room = 0;
        string[] payloads = [.. Enumerable.Range(0, 100).Select(i => $"{i:D3}{new string('x', 900)}")];
        foreach (var payload in payloads) Deliver(payload);
        _outbox.Flush();
        _pool.IsOut = true;
        _socket.Room = long.MaxValue;
        _socket.MostPerCall = 1000;

        Write();

        Assert.All(_owner.Faults, fault => Assert.IsType<InsufficientMemoryException>(fault));
        Assert.NotEmpty(_owner.Faults);
        var sent = Received.Parse(_socket.Received).Log;
        Assert.StartsWith(sent, string.Join(' ', payloads.Select(payload => $"1:{payload}")), StringComparison.Ordinal);
        _outbox.Close();
        Assert.Equal(0, _pool.Leased);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_end_without_memory_for_the_last_frame_comes_without_it_and_is_reported_once(bool sheds)
    {
        _pool.IsOut = true;
        if (sheds) _outbox.Shed(_longGoodbye);
        else _outbox.Drain(_longGoodbye);

        AssertDrainedWithoutGoodbye("");
    }

    [Fact]
    public void A_publisher_that_finds_no_memory_for_the_last_frame_of_its_recipient_goes_on()
    {
        Deliver("before");
        _socket.DuringCall = () =>
        {
            _pool.IsOut = true;
            _outbox.Drain(_longGoodbye);
        };

        _outbox.Flush();

        AssertDrainedWithoutGoodbye("1:before");
    }

    [Fact]
    public void A_writer_that_finds_no_memory_for_the_last_frame_goes_on_too()
    {
        var stalled = new Subscription(_outbox, 2, "s"u8.ToArray(), new SubscribeOptions { Credit = 0 }, new PendingBound(1 << 20, 1 << 16));
        Deliver("never sent", to: new Recipient(_outbox, [stalled]));
        _socket.Room = 1;
        Deliver("before");
        _outbox.Flush();
        _outbox.Drain(_longGoodbye);
        _pool.IsOut = true;
        _socket.Room = long.MaxValue;

        Write();

        AssertDrainedWithoutGoodbye("1:before 2:missed 1");
        Assert.Equal(1u, _account.TakeReceipt().Dropped);
    }

    private void AssertDrainedWithoutGoodbye(string log)
    {
        Assert.Equal(1, _owner.DrainedCalls);
        Assert.IsType<InsufficientMemoryException>(Assert.Single(_owner.Faults));
        Assert.Equal(log, Received.Parse(_socket.Received).Log);
        Assert.False(_outbox.Append(Frames.Pong(1)));
        Assert.Null(_outbox.NextBatch());
        Assert.Equal(0, _pool.Leased);
    }

    private void Deliver(string payload, int slabBytes = 0, Recipient? to = null)
    {
        using var run = new TestRun(_pool, _account, [Frames.Publish("s", payload)], slabBytes);
        _outbox.Deliver(to ?? _recipient, run.Run, new HoldingSubscriptions(), out _, out _);
    }

    private void Write()
    {
        while (_outbox.NextBatch() is { } batch)
        {
            _socket.TrySend(batch, out var sent);
            _outbox.WriterSent(sent);
            if (sent == 0) break;
        }
    }
}
