using Akka.Event;

namespace Akka.Streams.Implementation.Fusing;

/// <summary>What a <see cref="GraphInterpreter"/> needs of the actor that runs it.</summary>
internal interface IInterpreterHost
{
    ILoggingAdapter Log { get; }

    /// <summary>Takes an async callback, from any thread; <paramref name="fromInside"/> if it is the thread of the interpreter.</summary>
    void OnAsyncInput(AsyncInput input, bool fromInside);
}
