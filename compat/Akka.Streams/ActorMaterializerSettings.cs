using Akka.Actor;
using Decider = Akka.Streams.Supervision.Decider;
using Deciders = Akka.Streams.Supervision.Deciders;

namespace Akka.Streams;

/// <summary>How streams are run unless attributes say otherwise. Immutable; the defaults may be set under akka.stream.materializer.</summary>
public sealed class ActorMaterializerSettings
{
    /// <summary>Not used: the input buffer of an asynchronous boundary has its full size from the start.</summary>
    public readonly int InitialInputBufferSize;

    /// <summary>How many elements wait on the receiving side of an asynchronous boundary, a power of two.</summary>
    public readonly int MaxInputBufferSize;

    /// <summary>The dispatcher of the actors that run streams; empty means the default one.</summary>
    public readonly string Dispatcher;

    public readonly Decider SupervisionDecider;

    /// <summary>How many events a stream handles before other actors get their turn.</summary>
    public readonly int SyncProcessingLimit;

    private ActorMaterializerSettings(
        int initialInputBufferSize, int maxInputBufferSize, string dispatcher, Decider supervisionDecider, int syncProcessingLimit)
    {
        if (initialInputBufferSize <= 0)
            throw new ArgumentException("initialInputBufferSize must be > 0", nameof(initialInputBufferSize));
        if (!System.Numerics.BitOperations.IsPow2(maxInputBufferSize))
            throw new ArgumentException("maxInputBufferSize must be a power of two", nameof(maxInputBufferSize));
        if (initialInputBufferSize > maxInputBufferSize)
        {
            throw new ArgumentException(
                $"initialInputBufferSize({initialInputBufferSize}) must be <= maxInputBufferSize({maxInputBufferSize})");
        }

        if (syncProcessingLimit <= 0)
            throw new ArgumentException("syncProcessingLimit must be > 0", nameof(syncProcessingLimit));
        InitialInputBufferSize = initialInputBufferSize;
        MaxInputBufferSize = maxInputBufferSize;
        Dispatcher = dispatcher;
        SupervisionDecider = supervisionDecider;
        SyncProcessingLimit = syncProcessingLimit;
        InitialAttributes = new Attributes(
            new Attributes.InputBuffer(initialInputBufferSize, maxInputBufferSize),
            new ActorAttributes.Dispatcher(dispatcher),
            new ActorAttributes.SupervisionStrategy(supervisionDecider));
    }

    /// <summary>What every graph inherits; kept here, since each connection of a broker has a materializer with the same settings.</summary>
    internal Attributes InitialAttributes { get; }

    public static ActorMaterializerSettings Create(ActorSystem system)
    {
        const string Root = "akka.stream.materializer.";
        var config = system.Settings.Config;
        return new ActorMaterializerSettings(
            config.GetInt(Root + "initial-input-buffer-size", 4),
            config.GetInt(Root + "max-input-buffer-size", 16),
            config.GetString(Root + "dispatcher", string.Empty),
            Deciders.StoppingDecider,
            config.GetInt(Root + "sync-processing-limit", 1000));
    }

    public ActorMaterializerSettings WithInputBuffer(int initialSize, int maxSize) =>
        new(initialSize, maxSize, Dispatcher, SupervisionDecider, SyncProcessingLimit);

    public ActorMaterializerSettings WithDispatcher(string dispatcher) =>
        new(InitialInputBufferSize, MaxInputBufferSize, dispatcher, SupervisionDecider, SyncProcessingLimit);
}
