namespace Akka.Streams.Stage;

/// <summary>Thrown by <see cref="GraphStageLogic.StageActor"/> before <c>GetStageActor</c> was called.</summary>
public class StageActorRefNotInitializedException : Exception
{
    public static readonly StageActorRefNotInitializedException Instance = new();

    private StageActorRefNotInitializedException()
        : base("You must first call GetStageActorRef(StageActorRef.Receive), to initialize the actor's behavior")
    {
    }
}
