namespace Akka.Actor.Internal;

/// <summary>An entry among the children: a child, or a name that is reserved for one.</summary>
public interface IChildStats
{
}
