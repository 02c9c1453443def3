using Akka;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;

namespace UdsBroker.Compat.Streams.Tests;

/// <summary>An actor with streams of its own, as a connection has them.</summary>
public sealed class StreamOwner : ReceiveActor
{
    private readonly ActorMaterializer _materializer = Context.Materializer();

    public StreamOwner()
    {
        Receive<string>(_ =>
        {
            var ((source, watched), sink) = Source.FromGraph(new ManualSource<string>())
                .WatchTermination(Keep.Both)
                .ToMaterialized(new ManualSink<string>(), Keep.Both)
                .Run(_materializer);
            Sender.Tell(new Running(source, sink, watched));
        });
    }

    public sealed record Running(ManualSource<string>.Control Source, ManualSink<string>.Control Sink, Task<Done> Watched);
}
