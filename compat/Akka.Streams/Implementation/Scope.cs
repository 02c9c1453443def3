namespace Akka.Streams.Implementation;

/// <summary>Where in the tree the materializer is: the island that new stages belong to, and the attributes of everything around.</summary>
internal readonly record struct Scope(Island Island, Attributes Attributes);
