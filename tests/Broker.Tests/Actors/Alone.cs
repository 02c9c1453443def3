namespace UdsBroker.Broker.Tests.Actors;

/// <summary>Tests that measure the memory of the process or change the user of threads: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
