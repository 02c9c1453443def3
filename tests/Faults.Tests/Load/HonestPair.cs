using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Faults.Tests;

/// <summary>
/// A well-behaved publisher and subscriber, and how long their messages take while others misbehave. They block on a thread of their
/// own, so that what is measured is the broker and not the thread pool of the test, where the attackers live.
/// </summary>
internal sealed class HonestPair : IDisposable
{
    private readonly Peer _publisher;
    private readonly Peer _subscriber;
    private long _number;

    private HonestPair(string socket)
    {
        _publisher = new Peer(socket);
        _subscriber = new Peer(socket);
        _subscriber.Send(Frames.Subscribe(1, "honest"));
        _subscriber.Send(Frames.Ping(1));
        _subscriber.Expect(FrameKind.Pong);
    }

    internal static Task<HonestPair> ConnectAsync(string socket) => OnThread(() => new HonestPair(socket));

    /// <summary>Sends one message after the other, each when the last has come, until it is enough; none may be lost. Returns the 99th percentile.</summary>
    internal Task<TimeSpan> ExchangeAsync(Func<bool> isEnough) => OnThread(() =>
    {
        var times = new List<TimeSpan>();
        while (!isEnough() || times.Count < 100)
        {
            var message = Frames.Publish("honest", (++_number).ToString(CultureInfo.InvariantCulture));
            var began = Stopwatch.GetTimestamp();
            _publisher.Send(message);
            _subscriber.Expect(FrameKind.Deliver);
            var received = _subscriber.Expect(FrameKind.Publish);
            times.Add(Stopwatch.GetElapsedTime(began));
            Assert.Equal(Encoding.UTF8.GetString(message), Encoding.UTF8.GetString(received));
        }

        times.Sort();
        return times[(int)(times.Count * 0.99)];
    });

    internal Task<TimeSpan> ExchangeAsync(TimeSpan duration)
    {
        var clock = Stopwatch.StartNew();
        return ExchangeAsync(() => clock.Elapsed > duration);
    }

    public void Dispose()
    {
        _publisher.Dispose();
        _subscriber.Dispose();
    }

    private static Task<T> OnThread<T>(Func<T> work) =>
        Task.Factory.StartNew(work, Campaign.Cancelled, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>A greeted connection that blocks.</summary>
    private sealed class Peer : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 120_000, SendTimeout = 120_000 };
        private readonly byte[] _received = new byte[4096];
        private int _start;
        private int _end;

        internal Peer(string path)
        {
            _socket.Connect(new UnixDomainSocketEndPoint(path));
            Send(Frames.Hello());
            Expect(FrameKind.Welcome);
        }

        internal void Send(ReadOnlySpan<byte> frame) => Assert.Equal(frame.Length, _socket.Send(frame));

        internal ReadOnlySpan<byte> Expect(FrameKind kind)
        {
            while (true)
            {
                if (FrameScanner.Scan(_received.AsSpan(_start, _end - _start), Limits.Ceiling, out var head) == ScanResult.Done)
                {
                    _start += head.Length;
                    if (head.Kind == FrameKind.Ping)
                    {
                        Send(Frames.Pong(0));
                        continue;
                    }

                    Assert.Equal(kind, head.Kind);
                    return _received.AsSpan(_start - head.Length, head.Length);
                }

                _received.AsSpan(_start, _end - _start).CopyTo(_received);
                (_start, _end) = (0, _end - _start);
                var count = _socket.Receive(_received.AsSpan(_end));
                Assert.NotEqual(0, count);
                _end += count;
            }
        }

        public void Dispose() => _socket.Dispose();
    }
}
