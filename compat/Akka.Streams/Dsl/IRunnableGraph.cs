using Akka.Actor;

namespace Akka.Streams.Dsl;

/// <summary>A graph without open ports; running it starts a stream and yields its materialized value.</summary>
public interface IRunnableGraph<out TMat> : IGraph<ClosedShape, TMat>
{
    IRunnableGraph<TMat2> MapMaterializedValue<TMat2>(Func<TMat, TMat2> func);

    TMat Run(IMaterializer materializer);

    TMat Run(ActorSystem actorSystem);

    new IRunnableGraph<TMat> WithAttributes(Attributes attributes);

    new IRunnableGraph<TMat> AddAttributes(Attributes attributes);

    new IRunnableGraph<TMat> Named(string name);
}
