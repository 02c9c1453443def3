using System.Net.Sockets;
using Akka.Actor;
using Akka.Configuration;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.Stage;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Streams;
using UdsBroker.Broker.Tests.Transport;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Tests.Streams;

/// <summary>A socket that always has more does not occupy the polling thread forever.</summary>
public sealed class DatagramSourceTests : IAsyncLifetime
{
    private const int MaxPacket = 16 << 10;
    private const int Sent = 10; // net.unix.max_dgram_qlen, what the kernel keeps for one socket

    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    private readonly ActorSystem _system = ActorSystem.Create("test", ConfigurationFactory.ParseString("akka.loglevel = OFF, akka.stdout-loglevel = OFF"));
    private readonly TestDirectory _directory = new();
    private readonly SlabPool _pool = new(MaxPacket);
    private DatagramSocket _socket = null!;

    public ValueTask InitializeAsync()
    {
        _socket = DatagramSocket.Open(_directory["log.sock"], TestSettings.File with { Type = UnixSocketType.Dgram, MaxPacket = MaxPacket });
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _system.Terminate();
        _directory.Dispose();
    }

    [Fact]
    public async Task After_eight_batches_the_stage_yields_and_it_ends_with_the_socket()
    {
        using var client = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        await client.ConnectAsync(_socket.Path.ToEndPoint(), TestContext.Current.CancellationToken);
        for (var i = 0; i < Sent; i++) client.Send([(byte)i]);
        var log = new Log();

        // There is room for one datagram in each batch.
        Source.FromGraph(new DatagramSource(_socket, new DatagramBatch(_pool, MaxPacket))).To(Sink.FromGraph(log)).Run(_system.Materializer());

        await log.IsFull.Task.WaitAsync(Hang, TestContext.Current.CancellationToken);
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "another's turn", "8", "9"], log.Lines);
        _socket.Dispose();
        await log.Ended.Task.WaitAsync(Hang, TestContext.Current.CancellationToken);
        Assert.Equal(0, _pool.Leased);
    }

    [Fact]
    public async Task A_fault_in_the_reader_is_reported_to_the_owner_and_ends_the_stream()
    {
        var (reader, events) = (new FaultyReader(), new Events());
        ConnectionStreams.Datagrams(_socket, _pool, reader, events).Run(_system.Materializer());
        using var client = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        await client.ConnectAsync(_socket.Path.ToEndPoint(), TestContext.Current.CancellationToken);

        client.Send([1]);

        Assert.Same(reader.Fault, await events.HasEnded.Task.WaitAsync(Hang, TestContext.Current.CancellationToken));
    }

    private sealed class FaultyReader : IDatagramReader
    {
        internal Exception Fault { get; } = new InvalidOperationException("a fault");

        public void Read(DatagramBatch batch) => throw Fault;
    }

    private sealed class Events : IDatagramEvents
    {
        internal TaskCompletionSource<Exception?> HasEnded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Refused()
        {
        }

        public void Ended(Exception? cause) => HasEnded.TrySetResult(cause);
    }

    // Asks for a turn of its own with the first batch.
    private sealed class Log : GraphStage<SinkShape<DatagramBatch>>
    {
        private readonly Inlet<DatagramBatch> _in = new("log.batches");

        public override SinkShape<DatagramBatch> Shape => new(_in);

        internal List<string> Lines { get; } = [];

        internal TaskCompletionSource IsFull { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this);

        private void Add(string line)
        {
            Lines.Add(line);
            if (Lines.Count == Sent + 1) IsFull.TrySetResult();
        }

        private sealed class Logic : InGraphStageLogic
        {
            private readonly Log _log;
            private readonly Action _turn;

            public Logic(Log log)
                : base(log.Shape)
            {
                _log = log;
                _turn = GetAsyncCallback(() => log.Add("another's turn"));
                SetHandler(log._in, this);
            }

            public override void PreStart() => Pull(_log._in);

            public override void OnPush()
            {
                var batch = Grab(_log._in);
                for (var i = 0; i < batch.Count; i++) _log.Add($"{batch.Slab.Bytes[batch[i].Start]}");
                if (_log.Lines.Count == 1) _turn();
                Pull(_log._in);
            }

            public override void PostStop() => _log.Ended.TrySetResult();
        }
    }
}
